// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Checkbox, NumberInput, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { useGroups, usePrinterGroups, useQueues, useSites } from "../parts/everything";
import { Pick, PrinterPick } from "../parts/Pick";
import { useAct } from "../parts/useAct";
import { useSentence } from "./sentence";

type Policy = Schemas["Policy"];

const NEW: Policy = {
    ...{ id: "", title: "", group: null, queue: null, printer: null, site: null, printer_group: null, created: "" },
    ...{ sides: "two-sided-long-edge", monochrome: false, job_password: false, copies_max: null, pages_max: null },
};
const SIDES = ["two-sided-long-edge", "two-sided-short-edge", "one-sided"] as const;

export function PolicyDialog({ of: policy, close }: { of: Policy | null; close: () => void }) {
    const { t } = useTranslation("policies");
    const { act, isBusy } = useAct();
    const sentence = useSentence();
    const [form, setForm] = useState(policy ?? NEW);
    const set = (change: Partial<Policy>) => setForm((before) => ({ ...before, ...change }));
    const does = !!(form.sides || form.monochrome || form.job_password || form.copies_max || form.pages_max);

    async function save() {
        const { id, created: _, ...body } = form;
        const came = await act(
            () => (policy ? done(api.PATCH("/v1/policies/{policy}", { params: { path: { policy: id } }, body })) : done(api.POST("/v1/policies", { body }))),
            { again: ["policies"], said: t("shell:saved") },
        );

        if (came) close();
    }

    return (
        <Dialog title={t(policy ? "change" : "add")} deed={t("shell:save")} busy={isBusy} close={close} submit={() => void save()} size="lg">
            <Text fw={600} aria-live="polite">
                {does ? sentence(form) : t("doesNothing")}
            </Text>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <Select
                    label={t("field.sides")}
                    clearable
                    placeholder={t("asWanted")}
                    data={SIDES.map((value) => ({ value, label: t(`what.${value}`) }))}
                    value={form.sides}
                    onChange={(sides) => set({ sides })}
                />
                <NumberInput label={t("field.copies")} min={1} max={999} placeholder={t("noLimit")} value={form.copies_max ?? ""} onChange={(value) => set({ copies_max: Number(value) || null })} />
                <NumberInput label={t("field.pages")} min={1} max={1_000_000} placeholder={t("noLimit")} value={form.pages_max ?? ""} onChange={(value) => set({ pages_max: Number(value) || null })} />
            </SimpleGrid>
            <Checkbox label={t("field.monochrome")} checked={form.monochrome} onChange={(event) => set({ monochrome: event.currentTarget.checked })} />
            <Checkbox label={t("field.password")} checked={form.job_password} onChange={(event) => set({ job_password: event.currentTarget.checked })} />
            <Text size="sm" c="dimmed">
                {t("forWhom")}
            </Text>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <Pick label={t("field.group")} placeholder={t("whom.everybody")} of={useGroups().data} value={form.group} onChange={(group) => set({ group })} />
                <Pick label={t("field.queue")} of={useQueues().data} value={form.queue} onChange={(queue) => set({ queue })} />
                <Pick label={t("field.site")} of={useSites().data} value={form.site} onChange={(site) => set({ site })} />
                <Pick label={t("field.printerGroup")} of={usePrinterGroups().data} value={form.printer_group} onChange={(printer_group) => set({ printer_group })} />
                <PrinterPick label={t("field.printer")} value={form.printer} onChange={(printer) => set({ printer })} />
            </SimpleGrid>
            <TextInput label={t("field.title")} description={t("hint.title")} required maxLength={127} value={form.title} onChange={(event) => set({ title: event.currentTarget.value })} />
        </Dialog>
    );
}
