// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Code, FileInput, Group, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";

type Report = Schemas["ImportReport"];

const EXAMPLE = "email,name,department,groups,badge\nada@example.org,Ada Lovelace,Engines,Design;Staff,04A1B2C3D4";

async function send(table: File, isTry: boolean): Promise<Report> {
    return done(
        api.POST("/v1/people/import", {
            params: { query: isTry ? { dry_run: "yes" as never } : {} },
            body: table as unknown as string,
            bodySerializer: (body) => body as unknown as File,
            headers: { "Content-Type": "text/csv" },
        }),
    );
}

function Lines({ lines }: { lines: Report["lines"] }) {
    const { t } = useTranslation("people");
    const told = lines.filter((line) => line.outcome === "refused" || line.reason);

    if (told.length === 0) return null;
    return (
        <Table.ScrollContainer minWidth={360}>
            <Table aria-label={t("import.lines")}>
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th>{t("import.line")}</Table.Th>
                        <Table.Th>{t("import.what")}</Table.Th>
                        <Table.Th>{t("import.why")}</Table.Th>
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {told.map((line) => (
                        <Table.Tr key={line.line}>
                            <Table.Td>{line.line}</Table.Td>
                            <Table.Td>{t(`import.outcome.${line.outcome}`)}</Table.Td>
                            <Table.Td>{line.reason && t(`import.reason.${line.reason}`, { defaultValue: line.reason })}</Table.Td>
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

function Told({ report }: { report: Report }) {
    const { t } = useTranslation("people");
    const counts = t("import.counts", { made: report.made, changed: report.changed, unchanged: report.unchanged, refused: report.refused });

    return (
        <Stack role="status" aria-live="polite">
            <Alert color={report.refused || report.stopped ? "red" : "blue"} title={t(report.dry_run ? "import.wouldBe" : "import.was")}>
                {counts}
                {report.pins_left > 0 && <Text size="sm">{t("import.pinsLeft", { count: report.pins_left })}</Text>}
                {report.lines_cut && <Text size="sm">{t("import.cut")}</Text>}
                {report.stopped && <Text size="sm">{t("import.stopped", { line: report.stopped.line })}</Text>}
            </Alert>
            <Lines lines={report.lines} />
        </Stack>
    );
}

/* Many people at once: first tried, then taken. */
export default function ImportPage() {
    const { t } = useTranslation("people");
    const { act, isBusy } = useAct();
    const [table, setTable] = useState<File | null>(null);
    const [report, setReport] = useState<Report | null>(null);

    const run = async (isTry: boolean) => {
        const told = table && (await act(() => send(table, isTry), { again: isTry ? [] : ["people", "groups"] }));
        if (told) setReport(told.came);
    };
    const choose = (file: File | null) => {
        setTable(file);
        setReport(null);
    };

    return (
        <Page title={t("import.title")} lead={t("import.lead")}>
            <Stack gap="xs">
                <Text>{t("import.columns")}</Text>
                <Code block tabIndex={0}>
                    {EXAMPLE}
                </Code>
                <Text size="sm" c="dimmed">
                    {t("import.hint")}
                </Text>
            </Stack>
            <FileInput label={t("import.table")} accept=".csv,text/csv" value={table} onChange={choose} clearable clearButtonProps={{ "aria-label": t("import.other") }} placeholder={t("import.choose")} />
            <Group>
                <Button disabled={!table} loading={isBusy} variant={report ? "default" : "filled"} onClick={() => void run(true)}>
                    {t("import.try")}
                </Button>
                <Button disabled={!table || !report} loading={isBusy} onClick={() => void run(false)}>
                    {t("import.go")}
                </Button>
                <Button component={Link} href="/admin/people" variant="subtle">
                    {t("back")}
                </Button>
            </Group>
            {report && <Told report={report} />}
        </Page>
    );
}
