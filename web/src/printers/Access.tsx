// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { Dialog } from "../parts/Dialog";
import { saveAs } from "../parts/download";
import { type Printer } from "../parts/everything";
import { Facts } from "../parts/Facts";
import { Listing } from "../parts/Listing";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { OneTimeCode } from "../parts/OneTimeCode";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Panel = Schemas["Panel"];

function PanelRow({ of }: { of: Panel }) {
    const { t } = useTranslation("printers");
    const { ago } = useTime();
    const state = of.bound ? t("panels.seen", { when: of.seen ? ago(of.seen) : t("shell:never") }) : t("panels.waits");

    return (
        <>
            <Name of={of.name} fw={600} />
            <Text size="sm" c="dimmed">
                {state}
            </Text>
            {of.words && <Name of={of.words} size="sm" />}
        </>
    );
}

/* What stands on its idle screen. */
function PanelWords({ of, close }: { of: Panel; close: () => void }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [words, setWords] = useState(of.words);

    async function save() {
        const came = await act(() => done(api.PATCH("/v1/panels/{panel}", { params: { path: { panel: of.id } }, body: { words: words.trim() } })), { again: ["printers"], said: t("shell:saved") });

        if (came) close();
    }

    return (
        <Dialog title={of.name} deed={t("shell:save")} busy={isBusy} close={close} submit={() => void save()}>
            <TextInput label={t("panels.words")} description={t("panels.wordsHint")} maxLength={250} value={words} onChange={(event) => setWords(event.currentTarget.value)} data-autofocus />
        </Dialog>
    );
}

function NewPanel({ printer, close }: { printer: string; close: () => void }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");
    const [made, setMade] = useState<Schemas["NewPanel"] | null>(null);

    async function make() {
        const came = await act(() => done(api.POST("/v1/printers/{printer}/panels", { params: { path: { printer } }, body: { name: name.trim() } })), { again: ["printers"] });

        if (came) setMade(came.came);
    }

    if (made) return <OneTimeCode title={t("panels.made", { name: made.name })} words={t("panels.open")} code={`${location.origin}${made.address}`} expires={made.expires} close={close} />;
    return (
        <Dialog title={t("panels.add")} deed={t("panels.make")} busy={isBusy} close={close} submit={() => void make()}>
            <TextInput label={t("panels.name")} description={t("panels.nameHint")} required maxLength={63} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        </Dialog>
    );
}

/* Browsers at this printer, at which people sign in and print. */
function Panels({ printer }: { printer: string }) {
    const { t } = useTranslation("printers");
    const [PrinterPanelDialog] = useState(() => ({ of, close }: { of: Panel | null; close: () => void }) => (of ? <PanelWords of={of} close={close} /> : <NewPanel printer={printer} close={close} />));
    const panels = usePaged(["printers", printer, "panels"], (after) =>
        done(api.GET("/v1/printers/{printer}/panels", { params: { path: { printer }, query: after ? { after } : {} } })),
    );

    return (
        <Listing
            words={(key) => t(`panels.${key}`)}
            as={Section}
            of={panels}
            name={(panel) => panel.name}
            Row={PanelRow}
            Dialog={PrinterPanelDialog}
            remove={(panel) => done(api.DELETE("/v1/panels/{panel}", { params: { path: { panel: panel.id } } }))}
            again={["printers"]}
        />
    );
}

function Issued({ of }: { of: Schemas["Certificate"] }) {
    const { t } = useTranslation("printers");
    const { full } = useTime();

    return (
        <>
            <Name of={of.names.join(", ")} fw={600} />
            <Text size="sm" c={of.revoked ? "red" : "dimmed"}>
                {of.revoked ? t("certificates.revoked", { when: full(of.revoked) }) : t("certificates.until", { when: full(of.expires) })}
            </Text>
        </>
    );
}

/* A request that an administrator took out of the printer's own page; the certificate goes back the same way. */
function Sign({ printer }: { printer: string }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [request, setRequest] = useState("");
    const [made, setMade] = useState<Schemas["Certificate"] | null>(null);

    async function sign(event: FormEvent) {
        event.preventDefault();
        const came = await act(() => done(api.POST("/v1/printers/{printer}/certificates", { params: { path: { printer } }, body: { request } })), { again: ["certificates"] });

        if (came) setMade(came.came);
    }
    const save = (pem: string | undefined, name: string) => pem && saveAs(new Blob([pem], { type: "application/x-pem-file" }), name);

    return (
        <form onSubmit={(event) => void sign(event)}>
            <Stack gap="xs">
                <Textarea label={t("certificates.request")} description={t("certificates.requestHint")} required autosize minRows={3} maxRows={10} maxLength={16384} value={request} onChange={(event) => setRequest(event.currentTarget.value)} />
                <Group>
                    <Button type="submit" variant="default" loading={isBusy}>
                        {t("certificates.sign")}
                    </Button>
                    {made && (
                        <>
                            <Button variant="default" onClick={() => save(made.certificate, "printer.pem")}>
                                {t("certificates.save")}
                            </Button>
                            <Button variant="default" onClick={() => save(made.authority, "authority.pem")}>
                                {t("certificates.saveAuthority")}
                            </Button>
                        </>
                    )}
                </Group>
            </Stack>
        </form>
    );
}

function Est({ printer }: { printer: string }) {
    const { t } = useTranslation("printers");
    const { full } = useTime();
    const { act, isBusy } = useAct();
    const [made, setMade] = useState<{ url: string; name: string; code: string; expires: string } | null>(null);

    async function make() {
        const came = await act(() => done(api.POST("/v1/printers/{printer}/certificate-code", { params: { path: { printer } } })));

        if (came) setMade(came.came);
    }

    return (
        <Stack gap="xs" align="flex-start">
            <Text size="sm">{t("certificates.est")}</Text>
            <Button variant="default" loading={isBusy} onClick={() => void make()}>
                {t("certificates.code")}
            </Button>
            {made && (
                <Facts
                    of={(["url", "name", "code"] as const)
                        .map((name): [string, React.ReactNode] => [t(`certificates.${name}Label`), <Copied key={name} value={made[name]} label={t(`certificates.${name}Label`)} />])
                        .concat([[t("certificates.good"), full(made.expires)]])}
                />
            )}
        </Stack>
    );
}

/* The printer's own certificate, by the organisation's authority: so that what is sent to it is sent to it alone. */
function Certificates({ printer }: { printer: string }) {
    const { t } = useTranslation("printers");
    const issued = usePaged(["certificates", printer], (after) => done(api.GET("/v1/certificates", { params: { query: { printer, ...(after ? { after } : {}) } } })));

    return (
        <Listing
            words={(key) => t(`certificates.${key}`)}
            as={Section}
            of={issued}
            name={(one) => one.names.join(", ")}
            Row={Issued}
            deed={t("certificates.revoke")}
            remove={(one) => done(api.DELETE("/v1/certificates/{certificate}", { params: { path: { certificate: one.id } } }))}
            again={["certificates"]}
        >
            <Sign printer={printer} />
            <Est printer={printer} />
        </Listing>
    );
}

/* Copies, scans and faxes are use by people: counted only where the organisation and the printer both say so. */
function Copies({ printer }: { printer: string }) {
    const { t } = useTranslation("printers");
    const { act } = useAct();
    const path = { printer };
    const found = useQuery({
        queryKey: ["printers", printer, "device-usage"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/device-usage", { params: { path } })),
    });

    return (
        <Section title={t("copies.title")} lead={t("copies.lead")}>
            <Loaded query={found}>
                {({ counted }) => (
                    <Switch
                        label={t("copies.counted")}
                        checked={counted}
                        onChange={(event) => {
                            const body = { counted: event.currentTarget.checked };
                            void act(() => done(api.PUT("/v1/printers/{printer}/device-usage", { params: { path }, body })), { again: ["printers"] });
                        }}
                    />
                )}
            </Loaded>
        </Section>
    );
}

/* How people and the service come to this printer: its panels, its certificate; and what it counts beside our prints. */
export function Access({ printer }: { printer: Printer }) {
    return (
        <Stack>
            <Panels printer={printer.id} />
            <Certificates printer={printer.id} />
            <Copies printer={printer.id} />
        </Stack>
    );
}
