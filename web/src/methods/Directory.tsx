// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";

type Run = Schemas["Synchronisation"];
const LOOK_AGAIN_MS = 2000; // only while one is under way, which this page began

function Told({ run }: { run: Run }) {
    const { t } = useTranslation("methods");
    const counts = { seen: run.seen, made: run.made, changed: run.changed, badges: run.badges, disabled: run.disabled, enabled: run.enabled, refused: run.refused };

    return (
        <Alert color={["failed", "braked"].includes(run.outcome) ? "red" : "blue"} title={t(`sync.${run.outcome}`)}>
            <Stack gap="xs">
                {run.dry_run && <Text>{t("sync.wouldBe")}</Text>}
                <Text>{t("sync.counts", counts)}</Text>
                {run.words && (
                    <Text lang="en" style={{ overflowWrap: "anywhere" }}>
                        {run.words}
                    </Text>
                )}
                {run.lines.length > 0 && (
                    <Code block tabIndex={0} mah="16rem" style={{ overflow: "auto" }}>
                        {run.lines.join("\n")}
                    </Code>
                )}
            </Stack>
        </Alert>
    );
}

function Synchronise({ method }: { method: string }) {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const [id, setId] = useState<string | null>(null);
    const run = useQuery({
        queryKey: ["synchronisations", id],
        queryFn: () => done(api.GET("/v1/methods/{method}/synchronisations/{synchronisation}", { params: { path: { method, synchronisation: id! } } })),
        enabled: id !== null,
        refetchInterval: (query) => (query.state.data?.outcome === "under-way" ? LOOK_AGAIN_MS : false),
    });

    const begin = async (isDry: boolean) => {
        const begun = await act(() => done(api.POST("/v1/methods/{method}/synchronisations", { params: { path: { method } }, body: { dry_run: isDry } })));
        if (begun) setId(begun.came.id);
    };
    return (
        <Section title={t("sync.title")} lead={t("sync.lead")}>
            <Group>
                <Button variant="default" loading={isBusy} onClick={() => void begin(true)}>
                    {t("sync.try")}
                </Button>
                <Button loading={isBusy} onClick={() => void begin(false)}>
                    {t("sync.now")}
                </Button>
            </Group>
            <div role="status" aria-live="polite">
                {id && <Loaded query={run}>{(found) => <Told run={found} />}</Loaded>}
            </div>
        </Section>
    );
}

/* The domains of an Active Directory, as they were found last. */
function Forest({ method }: { method: string }) {
    const { t } = useTranslation("methods");
    const { full } = useTime();
    const { act, isBusy } = useAct();
    const params = { path: { method } };
    const domains = useQuery({ queryKey: ["directory-domains", method], queryFn: () => done(api.GET("/v1/methods/{method}/domains", { params })) });

    const ask = () => act(() => done(api.POST("/v1/methods/{method}/domains", { params })), { again: ["directory-domains"] });
    return (
        <Section
            title={t("forest.title")}
            actions={
                <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => void ask()}>
                    {t("forest.ask")}
                </Button>
            }
        >
            <Loaded query={domains}>
                {(found) =>
                    found.items.length === 0 ? (
                        <Text c="dimmed">{t("forest.none")}</Text>
                    ) : (
                        <>
                            {found.found && <Text size="sm">{t("forest.found", { when: full(found.found) })}</Text>}
                            <Table>
                                <Table.Tbody>
                                    {found.items.map((one) => (
                                        <Table.Tr key={one.dns}>
                                            <Table.Th scope="row">{one.name}</Table.Th>
                                            <Table.Td>{one.dns}</Table.Td>
                                            <Table.Td>{t(`forest.origin.${one.origin}`)}</Table.Td>
                                            <Table.Td>{t(one.used ? "forest.used" : "forest.unused")}</Table.Td>
                                        </Table.Tr>
                                    ))}
                                </Table.Tbody>
                            </Table>
                        </>
                    )
                }
            </Loaded>
        </Section>
    );
}

export function Directory({ method }: { method: string }) {
    return (
        <>
            <Synchronise method={method} />
            <Forest method={method} />
        </>
    );
}
