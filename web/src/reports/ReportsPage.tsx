// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Group, NativeSelect, Skeleton, Stack, TextInput } from "@mantine/core";
import { IconFileTypeCsv, IconFileTypePdf } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { SITE_ADMINISTRATORS } from "../shell/feature";
import { useMe } from "../shell/me";
import { ByMail } from "./ByMail";
import { dayOf, isByTime, type Order, queryOf, readOrder, THINGS, TIMES } from "./order";
import { ReportTable } from "./ReportTable";
import { Sums } from "./Sums";

const Supplies = lazy(() => import("./Supplies"));
const Plot = lazy(() => import("./Plot"));

function useReport(order: Order, ownAlone: boolean) {
    const query = queryOf(order, ownAlone);

    // The same address gives a table or a sheet, where those are asked for.
    return useQuery({
        queryKey: ["reports", query],
        queryFn: async () => (await done(api.GET("/v1/reports/pages", { params: { query } }))) as Schemas["PageReport"],
    });
}

function useSites(ownAlone: boolean) {
    return useQuery({
        queryKey: ["sites", "of-mine"],
        queryFn: () => done(api.GET("/v1/sites", { params: { query: { mine: true, limit: 200 } } })),
        enabled: !ownAlone,
    });
}

interface FiltersProps {
    order: Order;
    ownAlone: boolean;
    ofSupplies: boolean;
    change: (name: keyof Order, value: string) => void;
}

function Filters({ order, ownAlone, ofSupplies, change }: FiltersProps) {
    const { t } = useTranslation("reports");
    const sites = useSites(ownAlone);
    const { person } = useMe();
    const kinds = [...TIMES, ...(ownAlone ? [] : THINGS), ...(!ownAlone && MINDERS.includes(person.role) ? ["supplies"] : [])];

    return (
        <Group align="flex-end" gap="sm">
            <NativeSelect
                label={t("show")}
                value={ofSupplies ? "supplies" : order.by}
                onChange={(event) => change("by", event.currentTarget.value)}
                data={kinds.map((by) => ({ value: by, label: t(`caption.${by}`) }))}
            />
            {!ofSupplies && (
                <>
                    <TextInput type="date" label={t("since")} value={order.since} max={order.until} onChange={(event) => change("since", event.currentTarget.value)} />
                    <TextInput type="date" label={t("until")} value={order.until} onChange={(event) => change("until", event.currentTarget.value)} />
                </>
            )}
            {!!sites.data?.items.length && (
                <NativeSelect
                    label={t("site")}
                    value={order.site}
                    onChange={(event) => change("site", event.currentTarget.value)}
                    data={[{ value: "", label: t("allSites") }, ...sites.data.items.map((site) => ({ value: site.id, label: site.title ?? site.name }))]}
                />
            )}
        </Group>
    );
}

/* What they are full of is theirs to know who mind printers. */
const MINDERS: readonly string[] = SITE_ADMINISTRATORS;

/* The browser saves them itself: they are answers of the API like any other. */
function Exports({ order, ownAlone }: { order: Order; ownAlone: boolean }) {
    const { t, i18n } = useTranslation("reports");
    const address = (format: string) => "/v1/reports/pages?" + new URLSearchParams({ ...queryOf(order, ownAlone), format, language: i18n.language }).toString();

    return (
        <>
            <Button component="a" href={address("csv")} download variant="default" leftSection={<IconFileTypeCsv size={18} aria-hidden />}>
                {t("csv")}
            </Button>
            <Button component="a" href={address("pdf")} download variant="default" leftSection={<IconFileTypePdf size={18} aria-hidden />}>
                {t("pdf")}
            </Button>
        </>
    );
}

function SupplyTable({ site }: { site: string }) {
    const { t } = useTranslation("reports");

    return (
        <Button
            component="a"
            href={`/v1/reports/supplies?${new URLSearchParams({ format: "csv", ...(site ? { site } : {}) })}`}
            download
            variant="default"
            leftSection={<IconFileTypeCsv size={18} aria-hidden />}
        >
            {t("csv")}
        </Button>
    );
}

function Pages({ order, ownAlone }: { order: Order; ownAlone: boolean }) {
    const { t } = useTranslation("reports");
    const report = useReport(order, ownAlone);

    return (
        <Loaded query={report}>
            {(found) => (
                <Stack>
                    <Sums report={found} />
                    {found.items.length === 0 && <Empty words={t("none")} hint={t("noneHint")} />}
                    {found.items.length > 0 && isByTime(order.by) && (
                        <Suspense fallback={<Skeleton h={280} />}>
                            <Plot report={found} />
                        </Suspense>
                    )}
                    {found.total.unknown_jobs > 0 && <Alert>{t("unknown", { count: found.total.unknown_jobs })}</Alert>}
                    {found.is_cut && <Alert>{t("cut")}</Alert>}
                    {order.by === "person" && !found.names && <Alert>{t("pseudonyms")}</Alert>}
                    {found.items.length > 0 && <ReportTable report={found} />}
                </Stack>
            )}
        </Loaded>
    );
}

export default function ReportsPage() {
    const { t } = useTranslation("reports");
    const [path] = useLocation();
    const [words, setWords] = useSearchParams();
    const ownAlone = path.startsWith("/me");
    const order = readOrder(words, dayOf(new Date()), ownAlone);
    const ofSupplies = !ownAlone && words.get("by") === "supplies";
    const change = (name: keyof Order, value: string) =>
        setWords((before) => {
            const next = new URLSearchParams(before);
            if (value) next.set(name, value);
            else next.delete(name);
            return next;
        }, { replace: true });

    return (
        <Page
            title={t(ownAlone ? "mine" : "title")}
            lead={t(ownAlone ? "mineLead" : "lead")}
            actions={ofSupplies ? <SupplyTable site={order.site} /> : <Exports order={order} ownAlone={ownAlone} />}
            size="xl"
        >
            <Filters order={order} ownAlone={ownAlone} ofSupplies={ofSupplies} change={change} />
            {ofSupplies ? (
                <Suspense fallback={<Skeleton h={280} />}>
                    <Supplies site={order.site} />
                </Suspense>
            ) : (
                <>
                    <Pages order={order} ownAlone={ownAlone} />
                    <ByMail by={order.by} ownAlone={ownAlone} />
                </>
            )}
        </Page>
    );
}
