// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { Facts } from "../parts/Facts";
import type { Agent } from "../parts/everything";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";

const GIGA = 1e9;

/* What it told of itself last. */
export function Health({ agent, health }: { agent: Agent; health: NonNullable<Schemas["AgentHealth"]> }) {
    const { t, i18n } = useTranslation("agents");
    const { ago, full } = useTime();
    const { tasks, disk, journal, readers, strangers } = health;
    const number = (value: number) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(value);
    const facts: [string, string | null][] = [
        [t("health.version"), health.version],
        [t("health.up"), ago(new Date(Date.now() - health.uptime * 1000).toISOString())],
        [t("health.tasks"), t("health.taskWords", { ...tasks, sent: number(tasks.sent), printed: number(tasks.printed) })],
        [t("health.errors"), health.errors.map((error) => `${error.reason} (${error.count})`).join(", ") || null],
        [t("health.readers"), readers && "connected" in readers ? t("health.readerWords", { ...readers }) : null],
        [t("health.strangers"), strangers?.map((one) => `${one.model} ${one.address}`).join(", ") || null],
        [t("health.disk"), t("health.diskWords", { free: number(disk.free / GIGA), total: number(disk.total / GIGA) })],
        [t("health.journal"), number(journal.open)],
        [t("health.clock"), typeof health.clock.offset_ms === "number" ? `${number(health.clock.offset_ms)} ms` : null],
        [t("health.key"), agent.expires ? full(agent.expires) : null],
    ];

    return (
        <Section title={t("health.title")}>
            <Facts of={facts.filter((fact): fact is [string, string] => fact[1] !== null)} />
            {health.told && (
                <Text size="sm" c="dimmed">
                    {t("health.told", { when: ago(health.told) })}
                </Text>
            )}
        </Section>
    );
}
