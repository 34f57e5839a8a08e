// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { type Printer, useAgents, useSites } from "../parts/everything";
import { Pick } from "../parts/Pick";
import { useAct } from "../parts/useAct";
import { addressesOf, FORMATS } from "./address";
import { Prices } from "./Prices";

const TEXTS = ["name", "title", "alias", "location", "make_and_model"] as const;
const SWITCHES = ["accepting", "badges", "public", "colour", "duplex"] as const;
const MAX = { name: 63, title: 255, alias: 16, location: 255, make_and_model: 255 } as const;

type Substitution = NonNullable<Schemas["Printer"]["substitution"]>;

/* What was changed, and that alone: what others set meanwhile stays. */
function changed<T extends object>(before: T, after: T): Partial<T> {
    const keys = Object.keys(after) as (keyof T)[];

    return Object.fromEntries(keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => [key, after[key]])) as Partial<T>;
}

function edited(printer: Printer) {
    const { name, title, alias, location, make_and_model, accepting, badges, colour, duplex, site, agent, addresses, formats, media } = printer;

    return {
        ...{ name, title, alias, location, make_and_model, accepting, badges, public: printer.public, colour, duplex, site, agent },
        ...{ addresses, formats, media, password_digits: printer.password_digits, substitution: printer.substitution },
    };
}

export function Settings({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [form, setForm] = useState(() => edited(printer));
    const [addresses, setAddresses] = useState(printer.addresses.join("\n"));
    const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));

    function save(event: FormEvent) {
        event.preventDefault();
        const body = changed(edited(printer), { ...form, addresses: addressesOf(addresses) });

        void act(() => done(api.PATCH("/v1/printers/{printer}", { params: { path: { printer: printer.id } }, body })), {
            again: ["printers", "sites"],
            said: t("shell:saved"),
        });
    }

    return (
        <Stack gap="xl">
            <form onSubmit={save}>
                <Stack>
                    <SimpleGrid cols={{ base: 1, sm: 2 }}>
                        {TEXTS.map((name) => (
                            <TextInput
                                key={name}
                                label={t(`field.${name}`)}
                                description={t(`hint.${name}`)}
                                required={name === "name"}
                                maxLength={MAX[name]}
                                value={form[name] ?? ""}
                                onChange={(event) => set({ [name]: event.currentTarget.value || (name === "name" ? "" : null) })}
                            />
                        ))}
                        <Pick label={t("site")} description={t("hint.site")} of={useSites().data} value={form.site} onChange={(site) => set({ site })} />
                        <Pick label={t("field.agent")} description={t("hint.agent")} of={useAgents().data} value={form.agent} onChange={(agent) => set({ agent })} />
                        <Select
                            label={t("field.substitution")}
                            description={t("hint.substitution")}
                            clearable
                            placeholder={t("substitution.tenant")}
                            data={(["off", "ask", "choose"] as const).map((value) => ({ value, label: t(`substitution.${value}`) }))}
                            value={form.substitution}
                            onChange={(value) => set({ substitution: value as Substitution | null })}
                        />
                        <NumberInput
                            label={t("field.password_digits")}
                            description={t("hint.password_digits")}
                            min={0}
                            max={255}
                            value={form.password_digits}
                            onChange={(value) => set({ password_digits: Number(value) || 0 })}
                        />
                    </SimpleGrid>
                    <Textarea
                        label={t("field.addresses")}
                        description={t("hint.addresses")}
                        autosize
                        minRows={2}
                        required
                        value={addresses}
                        onChange={(event) => setAddresses(event.currentTarget.value)}
                    />
                    <TagsInput label={t("field.formats")} description={t("hint.formats")} data={FORMATS} value={form.formats} onChange={(formats) => set({ formats })} />
                    <TagsInput label={t("field.media")} description={t("hint.media")} value={form.media} onChange={(media) => set({ media })} />
                    <SimpleGrid cols={{ base: 1, sm: 2 }}>
                        {SWITCHES.map((name) => (
                            <Switch
                                key={name}
                                label={t(`field.${name}`)}
                                description={t(`hint.${name}`)}
                                checked={form[name]}
                                onChange={(event) => set({ [name]: event.currentTarget.checked })}
                            />
                        ))}
                    </SimpleGrid>
                    <Group>
                        <Button type="submit" loading={isBusy}>
                            {t("shell:save")}
                        </Button>
                    </Group>
                </Stack>
            </form>
            <Prices printer={printer} />
        </Stack>
    );
}
