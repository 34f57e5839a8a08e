// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import type { Agent } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";

const isGoing = (state: string) => state === "wanted" || state === "going";

/* Look now, and how far that is, as its agent tells. */
export function Runs({ agent }: { agent: Agent }) {
    const { t } = useTranslation("discovery");
    const { ago } = useTime();
    const { act, isBusy } = useAct();
    const client = useQueryClient();
    const runs = useQuery({
        queryKey: ["agents", agent.id, "runs"],
        queryFn: () => done(api.GET("/v1/agents/{agent}/discovery/runs", { params: { path: { agent: agent.id } } })),
    });
    const last = runs.data?.items[0];
    const going = last && isGoing(last.state) ? last : undefined;
    const found = last?.progress.found;

    useEffect(() => {
        void client.invalidateQueries({ queryKey: ["discovery"] });
    }, [client, found, last?.state]);

    const start = () =>
        act(() => done(api.POST("/v1/agents/{agent}/discovery/runs", { params: { path: { agent: agent.id } }, body: { purpose: "discovery" } })), { again: ["agents"] });
    const stop = (run: string) => act(() => done(api.DELETE("/v1/discovery-runs/{run}", { params: { path: { run } } })), { again: ["agents"] });

    return (
        <Section
            title={t("run.title")}
            lead={t("run.lead", { agent: agent.name })}
            actions={
                going ? (
                    <Button variant="default" loading={isBusy} onClick={() => void stop(going.id)}>
                        {t("run.stop")}
                    </Button>
                ) : (
                    <Button loading={isBusy} onClick={() => void start()}>
                        {t("run.now")}
                    </Button>
                )
            }
        >
            <Loaded query={runs}>
                {() =>
                    last ? (
                        <Stack gap={4} aria-live="polite">
                            {going && (
                                <Progress
                                    value={going.progress.addresses ? (100 * going.progress.asked) / going.progress.addresses : 2}
                                    animated
                                    aria-label={t("run.title")}
                                />
                            )}
                            <Group justify="space-between">
                                <Text size="sm">
                                    {t(`run.${last.state}`)} {t("run.progress", { ...last.progress })}
                                </Text>
                                <Text size="sm" c="dimmed">
                                    {ago(last.ended ?? last.created)}
                                </Text>
                            </Group>
                        </Stack>
                    ) : (
                        <Text size="sm">{t("run.none")}</Text>
                    )
                }
            </Loaded>
        </Section>
    );
}
