// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Code, Group, Menu, Paper, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { saveAs } from "../parts/download";
import { Empty } from "../parts/Empty";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Page } from "../parts/Page";
import { PersonPicker } from "../people/PersonPicker";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";
import { Checkpoints } from "./Checkpoints";

type Record = Schemas["Record"];
const FILTERS = ["event", "actor", "subject", "since", "until"] as const;
type Filters = Partial<{ [name in (typeof FILTERS)[number]]: string }>;

const EVENT = /^[a-z-]{0,63}$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const GOOD: { [name in (typeof FILTERS)[number]]: RegExp } = { event: EVENT, actor: ID, subject: ID, since: DAY, until: DAY };

/* What is looked for stands in the address, so that it can be kept and sent. What is no such thing is not asked. */
function useFilters() {
    const [search, setSearch] = useSearchParams();
    const filters: Filters = {};

    for (const name of FILTERS) {
        const value = search.get(name);
        if (value && GOOD[name].test(value)) filters[name] = value;
    }
    const set = (name: (typeof FILTERS)[number], value: string) =>
        setSearch(
            (before) => {
                const next = new URLSearchParams(before);
                if (value) next.set(name, value);
                else next.delete(name);
                return next;
            },
            { replace: true },
        );
    return { filters, set };
}

function useRecords(filters: Filters) {
    return usePaged(["audit", filters], (after, limit) =>
        done(api.GET("/v1/audit/records", { params: { query: { order: "newest", limit, ...filters, ...(after ? { after: Number(after) } : {}) } } })),
    );
}

function Detail({ record, look }: { record: Record; look: (name: "actor" | "subject", id: string) => void }) {
    const { t } = useTranslation("audit");
    const by = record.actor;

    return (
        <Stack gap="xs" pt="xs">
            <Facts
                of={[
                    [t("number"), record.number],
                    [t("by"), <Code key="by">{by.id ?? by.kind}</Code>],
                    [t("about"), <Code key="about">{record.subject ?? t("shell:none")}</Code>],
                    [t("detail"), record.detail ?? t("shell:none")],
                    [t("via"), record.via],
                    [t("source"), record.source ?? t("service")],
                    [t("hash"), <Code key="hash">{record.hash}</Code>],
                ]}
            />
            <Group gap="xs">
                {by.kind === "person" && by.id && (
                    <Anchor component={Link} size="sm" href={`/admin/people/${by.id}`}>
                        {t("who")}
                    </Anchor>
                )}
                {by.id && (
                    <Button size="compact-sm" variant="default" onClick={() => look("actor", by.id!)}>
                        {t("allBy")}
                    </Button>
                )}
                {record.subject && (
                    <Button size="compact-sm" variant="default" onClick={() => look("subject", record.subject!)}>
                        {t("allAbout")}
                    </Button>
                )}
            </Group>
        </Stack>
    );
}

function One({ record, look }: { record: Record; look: (name: "actor" | "subject", id: string) => void }) {
    const { t } = useTranslation("audit");
    const { full } = useTime();
    const me = useMe().person.id;
    const [isOpen, setOpen] = useState(false);

    return (
        <Paper component="li" withBorder p="xs">
            <UnstyledButton w="100%" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                <Group gap="md" justify="space-between">
                    <Text size="sm" fw={600}>
                        {record.event}
                    </Text>
                    <Text size="sm" c="dimmed" style={{ flex: "1 1 12rem", overflowWrap: "anywhere" }}>
                        {record.detail}
                    </Text>
                    <Text size="sm">
                        {record.actor.id === me ? t("you") : record.actor.kind}, {record.source ?? t("service")}
                    </Text>
                    <Text size="sm" c="dimmed">
                        {full(record.at)}
                    </Text>
                </Group>
            </UnstyledButton>
            {isOpen && <Detail record={record} look={look} />}
        </Paper>
    );
}

function Export() {
    const { t } = useTranslation("audit");
    const { act, isBusy } = useAct();

    const take = (format: "json" | "syslog", name: string) =>
        act(async () => saveAs((await done(api.GET("/v1/audit/export", { params: { query: { format } }, parseAs: "blob" }))) as unknown as Blob, name));
    return (
        <Menu position="bottom-end">
            <Menu.Target>
                <Button variant="default" loading={isBusy} leftSection={<IconDownload size={18} aria-hidden />}>
                    {t("export.title")}
                </Button>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Item onClick={() => void take("json", "audit.ndjson")}>{t("export.json")}</Menu.Item>
                <Menu.Item onClick={() => void take("syslog", "audit.log")}>{t("export.syslog")}</Menu.Item>
            </Menu.Dropdown>
        </Menu>
    );
}

/* What happened, the newest first; what was signed of it, and how anybody verifies it. */
export default function AuditPage() {
    const { t } = useTranslation("audit");
    const { filters, set } = useFilters();
    const records = useRecords(filters);
    const [event, setEvent] = useState(filters.event ?? "");

    return (
        <Page title={t("title")} lead={t("lead")} size="xl" actions={<Export />}>
            <Group align="end" component="search">
                <TextInput
                    label={t("event")}
                    description={t("eventHint")}
                    maxLength={63}
                    value={event}
                    error={EVENT.test(event) ? null : t("eventWrong")}
                    onChange={(change) => {
                        setEvent(change.currentTarget.value);
                        if (EVENT.test(change.currentTarget.value)) set("event", change.currentTarget.value);
                    }}
                    style={{ flex: "1 1 12rem" }}
                />
                <PersonPicker label={t("by")} value={filters.actor ?? null} onChange={(id) => set("actor", id ?? "")} />
                <TextInput label={t("since")} type="date" value={filters.since ?? ""} onChange={(change) => set("since", change.currentTarget.value)} />
                <TextInput label={t("until")} type="date" value={filters.until ?? ""} onChange={(change) => set("until", change.currentTarget.value)} />
                {filters.subject && (
                    <Button variant="default" onClick={() => set("subject", "")}>
                        {t("anything")}
                    </Button>
                )}
            </Group>
            <Loaded query={records.query}>
                {() =>
                    records.items?.length ? (
                        <Stack component="ol" gap={4} p={0} m={0} style={{ listStyle: "none" }}>
                            {records.items.map((record) => (
                                <One key={record.number} record={record} look={set} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t(records.hasMore ? "noneYet" : "noneHint")} />
                    )
                }
            </Loaded>
            <More of={records} />
            <Section title={t("verify.title")} lead={t("verify.lead")}>
                <Code block tabIndex={0}>
                    imprimatur audit verify
                </Code>
            </Section>
            <Checkpoints />
        </Page>
    );
}
