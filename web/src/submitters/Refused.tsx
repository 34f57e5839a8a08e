// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Dialog } from "../parts/Dialog";
import { Empty } from "../parts/Empty";
import { names, useAgents } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { PersonPicker } from "../people/PersonPicker";

type Deposit = Schemas["RefusedDeposit"];

/* The problem that it was refused with, in words of its own or in those of all problems; its code where there are none. */
function useReason() {
    const { t, i18n } = useTranslation("submitters");

    return ({ reason, user }: Deposit) => {
        if (i18n.exists(`submitters:reason.${reason}`)) return t(`reason.${reason}`, { user: user ?? "" });
        return i18n.exists(`problems:${reason}.title`) ? t(`problems:${reason}.title`) : reason;
    };
}

function One({ deposit, agent, give, discard }: { deposit: Deposit; agent: string; give: () => void; discard: () => void }) {
    const { t, i18n } = useTranslation("submitters");
    const { full } = useTime();
    const reason = useReason();
    const from = [deposit.user, deposit.client].filter(Boolean).join(" @ ");
    const size = new Intl.NumberFormat(i18n.language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }).format(Math.ceil(deposit.octets / 1000));

    return (
        <Paper component="li" withBorder px="sm" py="xs">
            <Group justify="space-between" gap="xs" align="flex-start">
                <div style={{ minWidth: 0, flex: "1 1 16rem" }}>
                    <Text fw={600}>{reason(deposit)}</Text>
                    <Text size="sm" component="div">
                        {t("came", { door: deposit.door.toUpperCase(), when: full(deposit.made), size })} <Name of={from} inherit />
                    </Text>
                    <Text size="sm" c="dimmed" component="div">
                        {t("lies", { agent, until: full(deposit.until) })} <Name of={deposit.queue} inherit />
                    </Text>
                    {deposit.claimed_email && <Text size="sm">{t("claimed", { email: deposit.claimed_email })}</Text>}
                    {deposit.person_email && <Text size="sm">{t("given", { email: deposit.person_email })}</Text>}
                </div>
                <Group gap="xs">
                    <Button size="compact-sm" variant="default" onClick={give} aria-label={`${t("give.deed")}: ${from}`}>
                        {t("give.deed")}
                    </Button>
                    <Button size="compact-sm" variant="default" onClick={discard} aria-label={`${t("discard.deed")}: ${from}`}>
                        {t("discard.deed")}
                    </Button>
                </Group>
            </Group>
        </Paper>
    );
}

function Give({ deposit, close }: { deposit: Deposit; close: () => void }) {
    const { t } = useTranslation("submitters");
    const { act, isBusy } = useAct();
    const [person, setPerson] = useState<string | null>(deposit.person ?? deposit.claimed);

    async function give() {
        if (!person) return;
        const put = () => done(api.PUT("/v1/refused-deposits/{deposit}/person", { params: { path: { deposit: deposit.id } }, body: { person } }));
        if (await act(put, { again: ["refused-deposits"], said: t("give.done") })) close();
    }

    return (
        <Dialog title={t("give.title")} deed={t("give.deed")} busy={isBusy} close={close} submit={() => void give()}>
            <Text>{t("give.words")}</Text>
            <PersonPicker label={t("person")} value={person} onChange={setPerson} />
        </Dialog>
    );
}

/* What agents took in without a line and the service would not have: somebody says whose it is, or that it is nobody's. */
export function Refused() {
    const { t } = useTranslation("submitters");
    const { act, isBusy } = useAct();
    const agentOf = names(useAgents().data);
    const [given, setGiven] = useState<Deposit | null>(null);
    const [leaving, setLeaving] = useState<Deposit | null>(null);
    const deposits = usePaged(["refused-deposits"], (after) => done(api.GET("/v1/refused-deposits", { params: { query: after ? { after } : {} } })));

    async function discard() {
        await act(() => done(api.DELETE("/v1/refused-deposits/{deposit}", { params: { path: { deposit: leaving!.id } } })), { again: ["refused-deposits"] });
        setLeaving(null);
    }

    return (
        <Section title={t("refused")} lead={t("refusedLead")}>
            <Loaded query={deposits.query}>
                {() =>
                    deposits.items?.length ? (
                        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("refused")}>
                            {deposits.items.map((deposit) => (
                                <One key={deposit.id} deposit={deposit} agent={agentOf(deposit.agent)} give={() => setGiven(deposit)} discard={() => setLeaving(deposit)} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("noneRefused")} hint={t("noneRefusedHint")} />
                    )
                }
            </Loaded>
            <More of={deposits} />
            {given && <Give deposit={given} close={() => setGiven(null)} />}
            <Confirm
                opened={leaving !== null}
                title={t("discard.title")}
                words={t("discard.words")}
                deed={t("discard.deed")}
                busy={isBusy}
                close={() => setLeaving(null)}
                confirm={() => void discard()}
            />
        </Section>
    );
}
