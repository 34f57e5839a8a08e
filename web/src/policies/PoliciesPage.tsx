// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { TicketDefaults } from "../parts/TicketDefaults";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { PolicyDialog } from "./PolicyDialog";
import { useSentence } from "./sentence";

type Policy = Schemas["Policy"];

function Row({ policy, change, remove }: { policy: Policy; change: () => void; remove: () => void }) {
    const { t } = useTranslation("policies");
    const sentence = useSentence();

    return (
        <Paper component="li" withBorder px="sm" py="xs">
            <Group justify="space-between" gap="xs" align="flex-start">
                <div style={{ minWidth: 0, flex: "1 1 16rem" }}>
                    <Name of={sentence(policy)} fw={600} lines={4} />
                    <Text size="sm" c="dimmed" component="div">
                        {t("toldAs")} <Name of={policy.title} inherit lines={2} />
                    </Text>
                </div>
                <Group gap="xs">
                    <Button size="compact-sm" variant="default" onClick={change} aria-label={`${t("shell:edit")}: ${policy.title}`}>
                        {t("shell:edit")}
                    </Button>
                    <Button size="compact-sm" variant="default" onClick={remove} aria-label={`${t("shell:delete")}: ${policy.title}`}>
                        {t("shell:delete")}
                    </Button>
                </Group>
            </Group>
        </Paper>
    );
}

export default function PoliciesPage() {
    const { t } = useTranslation("policies");
    const { act, isBusy } = useAct();
    const [shown, setShown] = useState<Policy | "new" | null>(null);
    const [leaving, setLeaving] = useState<Policy | null>(null);
    const policies = usePaged(["policies", "list"], (after) => done(api.GET("/v1/policies", { params: { query: after ? { after } : {} } })));

    async function remove() {
        await act(() => done(api.DELETE("/v1/policies/{policy}", { params: { path: { policy: leaving!.id } } })), { again: ["policies"] });
        setLeaving(null);
    }

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Button onClick={() => setShown("new")}>{t("add")}</Button>}>
            <Loaded query={policies.query}>
                {() =>
                    policies.items?.length ? (
                        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("title")}>
                            {policies.items.map((policy) => (
                                <Row key={policy.id} policy={policy} change={() => setShown(policy)} remove={() => setLeaving(policy)} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            <More of={policies} />
            <TicketDefaults
                of={["tenant", "ticket"]}
                lead={t("ticketLead")}
                read={() => done(api.GET("/v1/tenant/ticket"))}
                write={(body) => done(api.PUT("/v1/tenant/ticket", { body }))}
            />
            {shown && <PolicyDialog policy={shown === "new" ? null : shown} close={() => setShown(null)} />}
            <Confirm
                opened={leaving !== null}
                title={t("delete.title")}
                words={t("delete.words")}
                deed={t("shell:delete")}
                busy={isBusy}
                close={() => setLeaving(null)}
                confirm={() => void remove()}
            />
        </Page>
    );
}
