// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Checkbox, NumberInput, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { useAgents } from "../parts/everything";
import { Pick, PrinterPick } from "../parts/Pick";
import { useAct } from "../parts/useAct";

type Reader = Schemas["Reader"];

const MODELS = ["tcpconv", "tcpconv2", "ethernet241", "line"] as const;
const FEEDBACKS = ["silent", "letters", "commands", "polled"] as const;
const SELECTIONS = ["all", "newest", "panel"] as const;

/* A new reader beside a printer, or one that is there. */
export function ReaderDialog({ of: reader, close }: { of: Reader | null; close: () => void }) {
    const { t } = useTranslation("readers");
    const { act, isBusy } = useAct();
    const agents = useAgents();
    const [name, setName] = useState(reader?.name ?? "");
    const [agent, setAgent] = useState<string | null>(reader?.agent ?? null);
    const [model, setModel] = useState<Reader["model"]>(reader?.model ?? "tcpconv");
    const [address, setAddress] = useState(reader?.address ?? "");
    const [dial, setDial] = useState<number | null>(reader?.dial ?? null);
    const [printer, setPrinter] = useState<string | null>(reader?.printer ?? null);
    const [selection, setSelection] = useState<Reader["selection"]>(reader?.selection ?? "all");
    const [pin, setPin] = useState(reader?.pin ?? false);
    const [feedback, setFeedback] = useState<Reader["feedback"]>(reader?.feedback ?? null);
    const [profile, setProfile] = useState(reader?.profile ?? "");
    const only = agents.data?.length === 1 ? agents.data[0]!.id : null;
    const chosen = agent ?? only;

    async function save() {
        if (!chosen || !printer) return;
        const shared = { name: name.trim(), model, address: address.trim() || null, dial, printer, selection, pin, feedback, profile: profile.trim() || null };
        const came = await act(
            () =>
                reader
                    ? done(api.PATCH("/v1/readers/{reader}", { params: { path: { reader: reader.id } }, body: shared }))
                    : done(api.POST("/v1/readers", { body: { ...shared, agent: chosen } })),
            { again: ["readers"], said: t("shell:saved") },
        );

        if (came) close();
    }

    return (
        <Dialog title={t(reader ? "change" : "add")} deed={t("shell:save")} busy={isBusy} close={close} submit={() => void save()} size="lg">
            <PrinterPick label={t("field.printer")} required value={printer} onChange={setPrinter} />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextInput label={t("field.name")} required maxLength={63} value={name} onChange={(event) => setName(event.currentTarget.value)} />
                <Pick label={t("field.agent")} required disabled={reader !== null} of={agents.data} value={chosen} onChange={setAgent} />
                <Select
                    label={t("field.model")}
                    allowDeselect={false}
                    data={MODELS.map((value) => ({ value, label: t(`model.${value}`) }))}
                    value={model}
                    onChange={(value) => setModel(value as Reader["model"])}
                />
                <Select
                    label={t("field.selection")}
                    allowDeselect={false}
                    data={SELECTIONS.map((value) => ({ value, label: t(`selection.${value}`) }))}
                    value={selection}
                    onChange={(value) => setSelection(value as Reader["selection"])}
                />
                <TextInput label={t("field.address")} description={t("hint.address")} maxLength={63} value={address} onChange={(event) => setAddress(event.currentTarget.value)} />
                <NumberInput label={t("field.dial")} description={t("hint.dial")} min={1} max={65535} value={dial ?? ""} onChange={(value) => setDial(value === "" ? null : Number(value))} />
                <Select
                    label={t("field.feedback")}
                    description={t("hint.feedback")}
                    clearable
                    placeholder={t("usual")}
                    data={FEEDBACKS.map((value) => ({ value, label: t(`feedback.${value}`) }))}
                    value={feedback}
                    onChange={(value) => setFeedback(value as Reader["feedback"])}
                />
                <TextInput label={t("field.profile")} description={t("hint.profile")} maxLength={319} value={profile} onChange={(event) => setProfile(event.currentTarget.value)} />
            </SimpleGrid>
            <Checkbox label={t("field.pin")} description={t("hint.pin")} checked={pin} onChange={(event) => setPin(event.currentTarget.checked)} />
            <Text size="sm" c="dimmed">
                {t("tryIt")}
            </Text>
        </Dialog>
    );
}
