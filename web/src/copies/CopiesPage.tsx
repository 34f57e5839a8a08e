// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Group, Switch, Table, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Empty } from "../parts/Empty";
import { called } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";

type Day = Schemas["DeviceUsageDay"];
const DAY_MS = 86_400_000;
const SHOWN_DAYS = 7;

function Counting() {
    const { t } = useTranslation("copies");
    const { act } = useAct();
    const found = useQuery({ queryKey: ["tenant", "device-usage"], queryFn: () => done(api.GET("/v1/tenant/device-usage")) });

    return (
        <Section title={t("counting")} lead={t("countingLead")}>
            <Loaded query={found}>
                {({ counted }) => (
                    <Switch
                        label={t("counted")}
                        description={t("countedHint")}
                        checked={counted}
                        onChange={(event) => {
                            const body = { counted: event.currentTarget.checked };
                            void act(() => done(api.PUT("/v1/tenant/device-usage", { body })), { again: ["tenant", "device-usage"] });
                        }}
                    />
                )}
            </Loaded>
        </Section>
    );
}

function PrinterName({ id }: { id: string }) {
    const printer = useQuery({ queryKey: ["printers", id], queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: id } } })) });

    return (
        <Anchor component={Link} href={`/admin/printers/${id}?tab=access`} size="sm">
            <Name of={printer.data ? called(printer.data) : "…"} inherit />
        </Anchor>
    );
}

function Rows({ days }: { days: Day[] }) {
    const { t, i18n } = useTranslation("copies");
    const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
    const date = (day: string) => new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day));

    return (
        <Table.ScrollContainer minWidth={480}>
            <Table aria-label={t("title")}>
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th>{t("day")}</Table.Th>
                        <Table.Th>{t("printer")}</Table.Th>
                        <Table.Th>{t("counters")}</Table.Th>
                        <Table.Th ta="end">{t("ours")}</Table.Th>
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {days.map((one) => (
                        <Table.Tr key={`${one.day} ${one.printer}`}>
                            <Table.Td>{date(one.day)}</Table.Td>
                            <Table.Td>
                                <PrinterName id={one.printer} />
                            </Table.Td>
                            <Table.Td>{one.counters.map((counter) => `${counter.name}: ${number(counter.value)}`).join(", ") || t("shell:none")}</Table.Td>
                            <Table.Td ta="end">{number(one.ours.pages)}</Table.Td>
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

/* What devices counted beside our prints. */
export default function CopiesPage() {
    const { t } = useTranslation("copies");
    const [since, setSince] = useState(() => new Date(Date.now() - SHOWN_DAYS * DAY_MS).toISOString().slice(0, 10));
    const [until, setUntil] = useState("");
    const report = useQuery({
        queryKey: ["device-usage", since, until],
        queryFn: () => done(api.GET("/v1/reports/device-usage", { params: { query: { ...(since ? { since } : {}), ...(until ? { until } : {}) } } })),
    });

    return (
        <Page title={t("title")} lead={t("lead")}>
            <Counting />
            <Group component="search">
                <TextInput label={t("since")} type="date" value={since} onChange={(event) => setSince(event.currentTarget.value)} />
                <TextInput label={t("until")} type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
            </Group>
            <Loaded query={report}>
                {({ items, is_cut }) => (
                    <>
                        {is_cut && <Notice kind="plain" title={t("cut")} />}
                        {items.length ? <Rows days={items} /> : <Empty words={t("none")} hint={t("noneHint")} />}
                    </>
                )}
            </Loaded>
        </Page>
    );
}
