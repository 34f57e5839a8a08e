// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Paper, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { money } from "../parts/money";
import { share } from "./order";

type Report = Schemas["PageReport"];

function Sum({ name, value, more }: { name: string; value: string; more?: string }) {
    return (
        <Paper withBorder p="sm">
            <Text size="sm" c="dimmed">
                {name}
            </Text>
            <Text fz="h3" fw={700}>
                {value}
            </Text>
            {more && <Text size="sm">{more}</Text>}
        </Paper>
    );
}

/* What it comes to, at one look. */
export function Sums({ report }: { report: Report }) {
    const { t, i18n } = useTranslation("reports");
    const number = (value: number) => value.toLocaleString(i18n.language);
    const { total, currency } = report;

    return (
        <SimpleGrid cols={{ base: 2, sm: currency ? 5 : 4 }} spacing="sm">
            <Sum name={t("pages")} value={number(total.pages)} more={t("inJobs", { count: total.jobs, jobs: number(total.jobs) })} />
            <Sum name={t("colour")} value={share(i18n.language, total.colour_pages, total.pages)} more={t("ofPages")} />
            <Sum name={t("twoSided")} value={share(i18n.language, total.two_sided_pages, total.pages)} more={t("onSheets", { sheets: number(total.sheets) })} />
            <Sum name={t("saved")} value={number(total.saved_sheets)} more={t("savedMore", { count: total.saved_jobs, jobs: number(total.saved_jobs) })} />
            {currency && <Sum name={t("cost")} value={total.cost === null ? "–" : money(i18n.language, currency, total.cost)} />}
        </SimpleGrid>
    );
}
