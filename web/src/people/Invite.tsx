// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Copied } from "../parts/Copied";
import { Name } from "../parts/Name";
import { Qr } from "../parts/Qr";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { useMe } from "../shell/me";
import { invitationAddress } from "./invitation";
import { type Person, useHasPrinting, useMayChange } from "./person";
import "./sheet.css";

const WEEK_S = 7 * 86_400;

/* One sheet of paper: whose it is, the QR code, and the same to be typed. */
function Sheet({ person, code, expires }: { person: Person; code: string; expires: string }) {
    const { t } = useTranslation("people");
    const { tenant } = useMe();
    const { full } = useTime();
    const address = invitationAddress(location.origin, { email: person.email, code });

    return (
        <Stack className="sheet" align="center" gap="xs">
            <Title order={2} size="h3" ta="center">
                <Name of={tenant.title ?? tenant.name} lines={2} />
            </Title>
            <Name of={person.name ?? person.email} fw={600} />
            <Text ta="center">{t("invite.scan")}</Text>
            <Qr of={address} label={t("invite.qr")} size={240} />
            <Text size="sm" c="dimmed" ta="center">
                {t("invite.typed", { address: `${location.origin}/sign-in` })}
            </Text>
            <Name of={person.email} />
            <Copied value={code} label={t("invite.code")} />
            <Text size="sm" c="dimmed">
                {t("invite.until", { when: full(expires) })}
            </Text>
        </Stack>
    );
}

function useInvite(person: Person) {
    const { act, isBusy } = useAct();
    const [made, setMade] = useState<{ code: string | null; expires: string } | null>(null);

    const invite = async (byMail: boolean) => {
        const body = { expires_in: WEEK_S, by_mail: byMail };
        const answer = await act(() => done(api.POST("/v1/people/{person}/codes", { params: { path: { person: person.id } }, body })));
        if (answer) setMade(answer.came);
    };
    return { invite, isBusy, made };
}

/* A one-time code, as a QR code that begins the set-up on the person's own phone or computer. Nobody else ever knows a password. */
export function Invite({ person, close }: { person: Person; close: () => void }) {
    const { t } = useTranslation("people");
    const { invite, isBusy, made } = useInvite(person);
    const maySee = useMayChange();
    const hasPrinting = useHasPrinting();

    return (
        <Modal opened onClose={close} title={t("invite.title")} size="md" closeButtonProps={{ "aria-label": t("shell:close") }}>
            {made === null && (
                <Stack>
                    <Text>{t("invite.words")}</Text>
                    <Group justify="flex-end">
                        <Button variant="default" onClick={close}>
                            {t("invite.later")}
                        </Button>
                        {hasPrinting && (
                            <Button variant={maySee ? "default" : "filled"} loading={isBusy} onClick={() => void invite(true)}>
                                {t("invite.mail")}
                            </Button>
                        )}
                        {maySee && (
                            <Button loading={isBusy} onClick={() => void invite(false)} data-autofocus>
                                {t("invite.show")}
                            </Button>
                        )}
                    </Group>
                </Stack>
            )}
            {made?.code && (
                <Stack>
                    <Alert color="blue">{t("shell:shownOnce")}</Alert>
                    <Sheet person={person} code={made.code} expires={made.expires} />
                    <Group justify="flex-end">
                        <Button variant="default" onClick={() => window.print()}>
                            {t("invite.print")}
                        </Button>
                        <Button onClick={close}>{t("shell:close")}</Button>
                    </Group>
                </Stack>
            )}
            {made && !made.code && (
                <Stack>
                    <Text role="status">{t("invite.mailed")}</Text>
                    <Group justify="flex-end">
                        <Button onClick={close}>{t("shell:close")}</Button>
                    </Group>
                </Stack>
            )}
        </Modal>
    );
}
