// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconAlertTriangle, IconCheck, IconMinus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { useComplaint } from "../parts/complaint";
import type { Printer } from "../parts/everything";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";

type Check = Schemas["Readiness"]["checks"][number];

const SIGNS = {
    good: <IconCheck size={18} color="var(--mantine-color-green-7)" aria-hidden />,
    failed: <IconAlertTriangle size={18} color="var(--mantine-color-red-7)" aria-hidden />,
    skipped: <IconMinus size={18} aria-hidden />,
};

function One({ check }: { check: Check }) {
    const { t } = useTranslation("printers");

    return (
        <Group component="li" gap="xs" wrap="nowrap" align="flex-start">
            {SIGNS[check.outcome]}
            <div>
                <Text size="sm">
                    <b>{t(`check.${check.name}`)}</b>: {t(`outcome.${check.outcome}`)} <Name of={check.address} c="dimmed" />
                </Text>
                {check.outcome === "failed" && <Name of={check.mend ?? check.detail ?? check.reason} size="sm" lines={4} />}
            </div>
        </Group>
    );
}

/* Whether one could print to it now; its agent tries, which takes a while. */
export function Readiness({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const { ago } = useTime();
    const complaint = useComplaint();
    const tried = useQuery({
        queryKey: ["readiness", printer.id],
        queryFn: () => done(api.GET("/v1/printers/{printer}/readiness", { params: { path: { printer: printer.id } } })),
        enabled: false,
        retry: false,
    });
    const report = tried.data;

    return (
        <Section
            title={t("readiness.title")}
            lead={t("readiness.lead")}
            actions={
                <Button variant="default" disabled={tried.isFetching} onClick={() => void tried.refetch()}>
                    {t("readiness.try")}
                </Button>
            }
        >
            <div aria-live="polite">
                {tried.isFetching && (
                    <Group gap="xs">
                        <Loader size="sm" />
                        <Text size="sm">{t("readiness.trying")}</Text>
                    </Group>
                )}
                {!tried.isFetching && tried.error && <Text size="sm">{complaint(tried.error).title}</Text>}
                {!tried.isFetching && report && (
                    <Stack gap="xs">
                        <Text fw={600}>{t(report.ready === null ? "readiness.unknown" : report.ready ? "readiness.ready" : "readiness.notReady")}</Text>
                        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }}>
                            {report.checks.map((check, i) => (
                                <One key={`${check.name} ${check.address ?? ""} ${i}`} check={check} />
                            ))}
                        </Stack>
                        {report.seen && (
                            <Text size="sm" c="dimmed">
                                {t(report.is_new ? "readiness.now" : "readiness.last", { when: ago(report.seen) })}
                            </Text>
                        )}
                    </Stack>
                )}
            </div>
        </Section>
    );
}
