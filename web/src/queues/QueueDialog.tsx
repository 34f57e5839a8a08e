// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Checkbox, Radio, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { PrinterPick } from "../parts/Pick";
import { useAct } from "../parts/useAct";
import { nameOf } from "../printers/address";

type Queue = Schemas["Queue"];

const KINDS = ["pull", "secure", "direct"] as const;

/* A new queue, or one that is there; a pull queue stays one. */
export function QueueDialog({ of: queue, close }: { of: Queue | null; close: () => void }) {
    const { t } = useTranslation("queues");
    const { act, isBusy } = useAct();
    const [title, setTitle] = useState(queue ? (queue.title ?? queue.name) : "");
    const [kind, setKind] = useState<Queue["kind"]>(queue?.kind ?? "pull");
    const [printer, setPrinter] = useState<string | null>(queue?.printer ?? null);
    const [accepting, setAccepting] = useState(queue?.accepting ?? true);
    const [raw, setRaw] = useState(queue?.takes_raw ?? false);
    const [stays, setStays] = useState(queue?.documents === "site");
    const kinds = KINDS.filter((value) => !queue || (queue.kind === "pull") === (value === "pull"));

    async function save() {
        const shared = { title, kind, accepting, takes_raw: raw, documents: stays ? ("site" as const) : ("service" as const) };
        const came = await act(
            () =>
                queue
                    ? done(api.PATCH("/v1/queues/{queue}", { params: { path: { queue: queue.id } }, body: shared }))
                    : done(api.POST("/v1/queues", { body: { ...shared, name: nameOf(title).replace(/^printer(-|$)/, "queue$1"), ...(kind === "pull" ? {} : { printer }) } })),
            { again: ["queues"], said: t("shell:saved") },
        );

        if (came) close();
    }

    return (
        <Dialog title={t(queue ? "change" : "add")} deed={t("shell:save")} busy={isBusy} close={close} submit={() => void save()} size="lg">
            <TextInput label={t("field.title")} required maxLength={120} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
            <Radio.Group label={t("field.kind")} value={kind} onChange={(value) => setKind(value as Queue["kind"])}>
                <Stack gap="xs" mt={4}>
                    {kinds.map((value) => (
                        <Radio key={value} value={value} label={t(`kind.${value}`)} description={t(`kindHint.${value}`)} />
                    ))}
                </Stack>
            </Radio.Group>
            {kind !== "pull" && !queue && <PrinterPick label={t("field.printer")} required value={printer} onChange={setPrinter} />}
            <Checkbox label={t("field.accepting")} checked={accepting} onChange={(event) => setAccepting(event.currentTarget.checked)} />
            <Checkbox label={t("field.raw")} description={t("hint.raw")} checked={raw} onChange={(event) => setRaw(event.currentTarget.checked)} />
            <Checkbox label={t("field.stays")} description={t("hint.stays")} checked={stays} onChange={(event) => setStays(event.currentTarget.checked)} />
        </Dialog>
    );
}
