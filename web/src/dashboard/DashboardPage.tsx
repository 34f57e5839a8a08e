// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { State } from "../agents/State";
import { api, done } from "../api/client";
import { called, useAgents, useSites } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { Alerts } from "../printers/Alerts";
import { Status } from "../printers/Status";
import { useMe } from "../shell/me";
import { Map } from "../sites/Map";
import { FirstSteps } from "./FirstSteps";

const SHOWN = 8;

function Tile({ words, value, href }: { words: string; value: string | number; href: string }) {
    return (
        <Paper withBorder p="sm">
            <Text size="sm" c="dimmed">
                {words}
            </Text>
            <Anchor component={Link} href={href} fz={24} fw={700} aria-label={`${words}: ${value}`}>
                {value}
            </Anchor>
        </Paper>
    );
}

/* How much there is: for administrators of all of it. */
function Tiles() {
    const { t, i18n } = useTranslation("dashboard");
    const agents = useAgents();
    const tenant = useQuery({ queryKey: ["tenant"], queryFn: () => done(api.GET("/v1/tenant")) });
    const use = tenant.data?.use;
    const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
    const connected = agents.data?.filter((agent) => agent.connected).length ?? 0;

    return (
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
            {use && <Tile words={t("tile.printers")} value={number(use.printers)} href="/admin/printers" />}
            {use && <Tile words={t("tile.people")} value={number(use.people)} href="/admin/people" />}
            {use && <Tile words={t("tile.held")} value={number(use.held_jobs)} href="/admin/reports" />}
            {agents.data && <Tile words={t("tile.agents")} value={`${number(connected)} / ${number(agents.data.length)}`} href="/admin/agents" />}
        </SimpleGrid>
    );
}

function Attention() {
    const { t } = useTranslation("dashboard");
    const printers = useQuery({
        queryKey: ["printers", "attention"],
        queryFn: () => done(api.GET("/v1/printers", { params: { query: { limit: SHOWN, attention: true } } })),
    });

    return (
        <Section
            title={t("attention")}
            actions={
                printers.data?.next && (
                    <Button component={Link} href="/admin/printers?attention=true" variant="default" size="compact-sm">
                        {t("all")}
                    </Button>
                )
            }
        >
            <Loaded query={printers}>
                {({ items }) =>
                    items.length ? (
                        <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
                            {items.map((printer) => (
                                <Group key={printer.id} component="li" justify="space-between" gap="xs">
                                    <Anchor component={Link} href={`/admin/printers/${printer.id}`}>
                                        <Name of={called(printer)} inherit />
                                    </Anchor>
                                    <Status printer={printer} />
                                </Group>
                            ))}
                        </Stack>
                    ) : (
                        <Text size="sm">{t("allWell")}</Text>
                    )
                }
            </Loaded>
        </Section>
    );
}

function Away() {
    const { t } = useTranslation("dashboard");
    const away = useAgents().data?.filter((agent) => agent.enrolled && !agent.connected) ?? [];

    if (!away.length) return null;
    return (
        <Section title={t("away")}>
            <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
                {away.slice(0, SHOWN).map((agent) => (
                    <Group key={agent.id} component="li" justify="space-between" gap="xs">
                        <Anchor component={Link} href={`/admin/agents/${agent.id}`}>
                            <Name of={agent.name} inherit />
                        </Anchor>
                        <State agent={agent} />
                    </Group>
                ))}
            </Stack>
        </Section>
    );
}

function News() {
    const { t } = useTranslation("dashboard");
    const found = useQuery({
        queryKey: ["discovery", "new"],
        queryFn: () => done(api.GET("/v1/discovered-printers", { params: { query: { which: "new", limit: SHOWN } } })),
    });
    const count = found.data?.items.length ?? 0;

    if (!count) return null;
    return (
        <Notice kind="plain" title={t(found.data?.next ? "newMore" : "new", { count })}>
            <Anchor component={Link} href="/admin/discovery" size="sm">
                {t("look")}
            </Anchor>
        </Notice>
    );
}

export default function DashboardPage() {
    const { t } = useTranslation("dashboard");
    const { person } = useMe();
    const sites = useSites();

    return (
        <Page title={t("title")} lead={t("lead")}>
            {person.role === "administrator" && <FirstSteps />}
            {person.role === "administrator" && <Tiles />}
            <News />
            <Away />
            <Attention />
            <Alerts />
            {sites.data && <Map sites={sites.data} />}
        </Page>
    );
}
