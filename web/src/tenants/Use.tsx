// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { Section } from "../parts/Section";

type Tenant = Schemas["Tenant"];

/* How much there is of what may be limited. */
const ROWS = [
    ["people", "people"],
    ["printers", "printers"],
    ["agents", "agents"],
    ["held_jobs", "held_jobs"],
    ["held_octets", "held_octets"],
    ["submissions_per_hour", "submissions_this_hour"],
] as const satisfies readonly (readonly [keyof Tenant["limits"], keyof NonNullable<Tenant["use"]>])[];

export function Use({ tenant }: { tenant: Tenant }) {
    const { t, i18n } = useTranslation("tenants");
    const count = new Intl.NumberFormat(i18n.language);
    const { use } = tenant;

    if (!use) return null;
    return (
        <Section title={t("use.title")} lead={tenant.plan ? t("use.plan", { plan: tenant.plan.slice(0, 80) }) : undefined}>
            {use.over_plan && <Alert color="blue">{t("use.over")}</Alert>}
            <Table>
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th>{t("use.what")}</Table.Th>
                        <Table.Th ta="end">{t("use.now")}</Table.Th>
                        <Table.Th ta="end">{t("use.most")}</Table.Th>
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {ROWS.map(([limit, used]) => (
                        <Table.Tr key={limit}>
                            <Table.Th scope="row">{t(`limit.${limit}`)}</Table.Th>
                            <Table.Td ta="end">{count.format(Number(use[used]))}</Table.Td>
                            <Table.Td ta="end">{tenant.limits[limit] === null ? t("use.any") : count.format(tenant.limits[limit])}</Table.Td>
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
        </Section>
    );
}
