// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Box, Progress, ScrollArea, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { usePaged } from "../parts/usePaged";

const LOW = 100; // of a thousand
const SOON_DAYS = 14;

function Ends({ supply }: { supply: Schemas["Supply"] }) {
    const { t, i18n } = useTranslation("reports");

    if (!supply.empty) return <Text c="dimmed" size="sm">{t("supplies.unknown")}</Text>;
    const days = (Date.parse(supply.empty) - Date.now()) / 86_400_000;
    const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(supply.empty));

    return <Text fw={days < SOON_DAYS ? 600 : 400}>{supply.level > 0 ? t("supplies.about", { day }) : t("supplies.empty")}</Text>;
}

function Row({ supply }: { supply: Schemas["Supply"] }) {
    return (
        <Table.Tr>
            <Table.Th scope="row" fw={400} maw="16rem">
                <Anchor component={Link} href={`/admin/printers/${supply.printer}`}>
                    <Name of={supply.printer_name ?? ""} inherit />
                </Anchor>
            </Table.Th>
            <Table.Td maw="20rem">
                <Name of={[supply.name ?? supply.type, supply.colour].filter(Boolean).join(", ")} />
            </Table.Td>
            <Table.Td>
                <Box miw="6rem">
                    <Text size="sm">{Math.round(supply.level / 10)} %</Text>
                    <Progress value={supply.level / 10} color={supply.level < LOW ? "red" : "ink"} size="sm" aria-hidden />
                </Box>
            </Table.Td>
            <Table.Td>
                <Ends supply={supply} />
            </Table.Td>
        </Table.Tr>
    );
}

/* What printers use up; what ends first comes first. */
export default function Supplies({ site }: { site: string }) {
    const { t } = useTranslation("reports");
    const supplies = usePaged(["reports", "supplies", site], (after) =>
        done(api.GET("/v1/reports/supplies", { params: { query: { ...(site ? { site } : {}), ...(after ? { after } : {}) } } })).then((page) => page as Schemas["SupplyPage"]),
    );

    return (
        <Loaded query={supplies.query}>
            {() =>
                supplies.items?.length ? (
                    <>
                        <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("caption.supplies") }}>
                            <Table striped miw="36rem" captionSide="top">
                                <Table.Caption ta="start">{t("caption.supplies")}</Table.Caption>
                                <Table.Thead>
                                    <Table.Tr>
                                        {["printer", "name", "left", "ends"].map((column) => (
                                            <Table.Th scope="col" key={column}>
                                                {t(`supplies.${column}`)}
                                            </Table.Th>
                                        ))}
                                    </Table.Tr>
                                </Table.Thead>
                                <Table.Tbody>
                                    {supplies.items.map((supply) => (
                                        <Row key={supply.id} supply={supply} />
                                    ))}
                                </Table.Tbody>
                            </Table>
                        </ScrollArea>
                        <More of={supplies} />
                    </>
                ) : (
                    <Empty words={t("supplies.none")} hint={t("supplies.noneHint")} />
                )
            }
        </Loaded>
    );
}
