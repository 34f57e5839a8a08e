// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Checkbox, Group, TagsInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { api, done } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { useAgents, useSites } from "../parts/everything";
import { Pick } from "../parts/Pick";
import { useAct } from "../parts/useAct";
import { useMe } from "../shell/me";
import { addressesOf, FORMATS, nameOf } from "./address";

/* One that is known by its address; whatever discovery finds knows more of itself. */
export function AddPrinter({ close }: { close: () => void }) {
    const { t } = useTranslation("printers");
    const { person } = useMe();
    const [, go] = useLocation();
    const { act, isBusy } = useAct();
    const [title, setTitle] = useState("");
    const [address, setAddress] = useState("");
    const [location, setLocation] = useState("");
    const [site, setSite] = useState<string | null>(null);
    const [agent, setAgent] = useState<string | null>(null);
    const [formats, setFormats] = useState<string[]>(["application/pdf"]);
    const [colour, setColour] = useState(true);
    const [duplex, setDuplex] = useState(true);

    async function add() {
        const body = {
            name: nameOf(title),
            title,
            location: location || null,
            addresses: addressesOf(address),
            formats,
            colour,
            duplex,
            ...(site ? { site } : {}),
            ...(agent ? { agent } : {}),
        };
        const made = await act(() => done(api.POST("/v1/printers", { body })), { again: ["printers", "sites"] });

        if (made) go(`/admin/printers/${made.came.id}`);
    }

    return (
        <Dialog title={t("add.title")} deed={t("shell:add")} busy={isBusy} close={close} submit={() => void add()} size="lg">
            <Text size="sm" c="dimmed">
                {t("add.lead")}
            </Text>
            <TextInput label={t("field.title")} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} maxLength={120} data-autofocus />
            <TextInput
                label={t("field.address")}
                description={t("add.address")}
                required
                value={address}
                onChange={(event) => setAddress(event.currentTarget.value)}
                maxLength={255}
            />
            <TextInput label={t("field.location")} value={location} onChange={(event) => setLocation(event.currentTarget.value)} maxLength={120} />
            <Pick label={t("site")} of={useSites().data} value={site} onChange={setSite} required={person.role === "site-administrator"} />
            <Pick label={t("field.agent")} description={t("add.agent")} of={useAgents().data} value={agent} onChange={setAgent} />
            <TagsInput label={t("field.formats")} description={t("add.formats")} data={FORMATS} value={formats} onChange={setFormats} />
            <Group>
                <Checkbox label={t("field.colour")} checked={colour} onChange={(event) => setColour(event.currentTarget.checked)} />
                <Checkbox label={t("field.duplex")} checked={duplex} onChange={(event) => setDuplex(event.currentTarget.checked)} />
            </Group>
        </Dialog>
    );
}
