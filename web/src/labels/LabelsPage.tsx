// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Group, NativeSelect, NumberInput, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { useComplain } from "../parts/complaint";
import { saveAs } from "../parts/download";
import { Page } from "../parts/Page";
import { Choice, type Printer } from "./Choice";

type Template = Schemas["LabelOrder"]["template"];

const TEMPLATES: readonly { name: Template; places: number }[] = [
    { name: "a4-3x8", places: 24 },
    { name: "a4-2x4", places: 8 },
    { name: "a4-1", places: 1 },
    { name: "roll-62x100", places: 1 },
    { name: "welcome", places: 1 },
];

function useSheets(order: Schemas["LabelOrder"]) {
    const complain = useComplain();

    const saving = useMutation({
        mutationFn: async () => (await done(api.POST("/v1/labels", { body: order, parseAs: "blob" }))) as unknown as Blob,
        onSuccess: (sheets) => saveAs(sheets, "labels.pdf"),
        onError: complain,
    });
    const printing = useMutation({
        mutationFn: (at: string) => done(api.POST("/v1/labels/jobs", { body: { ...order, at } })),
        onError: complain,
    });
    return { saving, printing };
}

interface SheetProps {
    chosen: ReadonlyMap<string, Printer>;
}

/* Which sheet, and what becomes of it. */
function Sheet({ chosen }: SheetProps) {
    const { t } = useTranslation("labels");
    const [template, setTemplate] = useState(TEMPLATES[0]!);
    const [first, setFirst] = useState(0);
    const [at, setAt] = useState("");
    const printers = [...chosen.values()];
    const order = { printers: printers.map((printer) => printer.id), template: template.name, first: template.places > 1 ? first : 0 };
    const { saving, printing } = useSheets(order);
    const where = at && chosen.has(at) ? at : (printers[0]?.id ?? "");

    return (
        <Paper withBorder p="md">
            <Stack>
                <NativeSelect
                    label={t("template")}
                    value={template.name}
                    onChange={(event) => setTemplate(TEMPLATES.find((one) => one.name === event.currentTarget.value)!)}
                    data={TEMPLATES.map((one) => ({ value: one.name, label: t(`templates.${one.name}`) }))}
                />
                {template.places > 1 && (
                    <NumberInput label={t("first")} description={t("firstHint")} value={first} onChange={(value) => setFirst(Number(value))} min={0} max={template.places - 1} allowDecimal={false} />
                )}
                <Text role="status">{t("chosen", { count: chosen.size })}</Text>
                <Button leftSection={<IconDownload size={18} aria-hidden />} disabled={!chosen.size} loading={saving.isPending} onClick={() => saving.mutate()}>
                    {t("save")}
                </Button>
                <Text size="sm" c="dimmed">
                    {t("ownSize")}
                </Text>
                <Group align="flex-end" gap="xs">
                    <NativeSelect
                        flex={1}
                        label={t("at")}
                        value={where}
                        disabled={!chosen.size}
                        onChange={(event) => setAt(event.currentTarget.value)}
                        data={printers.map((printer) => ({ value: printer.id, label: printer.title ?? printer.name }))}
                    />
                    <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} disabled={!where} loading={printing.isPending} onClick={() => printing.mutate(where)}>
                        {t("print")}
                    </Button>
                </Group>
                {printing.data && (
                    <Alert color="green" role="status">
                        <Link href={`/jobs/${printing.data.id}`}>{t("printed", { number: printing.data.number })}</Link>
                    </Alert>
                )}
            </Stack>
        </Paper>
    );
}

export default function LabelsPage() {
    const { t } = useTranslation("labels");
    const [chosen, setChosen] = useState<ReadonlyMap<string, Printer>>(new Map());
    const choose = (printers: readonly Printer[], on: boolean) =>
        setChosen((before) => {
            const next = new Map(before);
            for (const printer of printers) {
                if (on) next.set(printer.id, printer);
                else next.delete(printer.id);
            }
            return next;
        });

    return (
        <Page title={t("title")} lead={t("lead")} size="xl">
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
                <Choice chosen={chosen} choose={choose} />
                <div>
                    <Sheet chosen={chosen} />
                </div>
            </SimpleGrid>
        </Page>
    );
}
