// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconCheck, IconPoint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done } from "../api/client";
import { useAgents } from "../parts/everything";
import { Section } from "../parts/Section";

const STEPS = { agent: "/admin/agents", printer: "/admin/discovery", people: "/admin/people", print: "/send" } as const;
type Step = keyof typeof STEPS;

/* How far a new organisation is; null while that is not known yet. A job that is done has been on paper. */
function useSteps(): Record<Step, boolean> | null {
    const agents = useAgents();
    const tenant = useQuery({ queryKey: ["tenant"], queryFn: () => done(api.GET("/v1/tenant")) });
    const printed = useQuery({
        queryKey: ["jobs", "first"],
        queryFn: () => done(api.GET("/v1/jobs", { params: { query: { state: "done", person: "all", limit: 1 } } })),
    });

    if (!agents.data || !tenant.data || !printed.data) return null;
    return {
        agent: agents.data.some((agent) => agent.enrolled),
        printer: (tenant.data.use?.printers ?? 0) > 0,
        people: (tenant.data.use?.people ?? 0) > 1,
        print: printed.data.items.length > 0,
    };
}

/* Shown until an agent, a printer and a first print are there. */
export function FirstSteps() {
    const { t } = useTranslation("dashboard");
    const steps = useSteps();

    if (!steps || (steps.agent && steps.printer && steps.print)) return null;
    return (
        <Section title={t("first.title")} lead={t("first.lead")}>
            <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
                {(Object.keys(STEPS) as Step[]).map((step) => (
                    <Group key={step} component="li" wrap="nowrap" align="flex-start">
                        <ThemeIcon variant={steps[step] ? "filled" : "default"} radius="xl" aria-hidden>
                            {steps[step] ? <IconCheck size={18} /> : <IconPoint size={18} />}
                        </ThemeIcon>
                        <div>
                            <Anchor component={Link} href={STEPS[step]} fw={600}>
                                {t(`first.${step}`)}
                            </Anchor>{" "}
                            <Text span size="sm" c="dimmed">
                                ({t(steps[step] ? "first.done" : "first.open")})
                            </Text>
                            <Text size="sm">{t(`first.${step}Words`)}</Text>
                        </div>
                    </Group>
                ))}
            </Stack>
        </Section>
    );
}
