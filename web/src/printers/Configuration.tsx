// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import type { Printer } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";

type Settings = Schemas["DeviceSettings"];

const TEXTS = ["name", "location", "contact", "printer_name", "operator", "service_person"] as const;
const SWITCHES = { console: ["enabled", "disabled"], startup_page: ["on", "off"], banner_page: ["on", "off"] } as const;

function Outcome({ kept }: { kept: Schemas["DeviceConfiguration"] }) {
    const { t } = useTranslation("printers");

    return (
        <Stack component="ul" gap={4} p={0} m={0} style={{ listStyle: "none" }} aria-live="polite">
            {kept.state === "unanswered" && (
                <Text component="li" size="sm">
                    {t("configuration.unanswered")} {kept.mend ?? kept.reason}
                </Text>
            )}
            {kept.settings.map((one) => (
                <Text component="li" size="sm" key={one.setting}>
                    <b>{t(`setting.${one.setting}`)}</b>: {t(`configuration.${one.outcome}`)} {one.outcome === "changed" && <Name of={one.after} inherit />}
                    {one.mend ?? ""}
                </Text>
            ))}
        </Stack>
    );
}

/* Settings in the device itself, by SNMP: what is left empty is not touched. */
export function Configuration({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const client = useQueryClient();
    const { act, isBusy } = useAct();
    const [form, setForm] = useState<Settings>({});
    const key = ["printers", printer.id, "configuration"];
    const path = { printer: printer.id };
    const last = useQuery({ queryKey: key, queryFn: () => done(api.GET("/v1/printers/{printer}/configuration", { params: { path } })) });

    async function write(event: FormEvent) {
        event.preventDefault();
        const made = await act(() => done(api.PATCH("/v1/printers/{printer}/configuration", { params: { path }, body: form })));

        if (made) client.setQueryData(key, made.came);
    }

    return (
        <Section title={t("configuration.title")} lead={t("configuration.lead")}>
            <Loaded query={last}>{(kept) => (kept.state === "none" ? null : <Outcome kept={kept} />)}</Loaded>
            <form onSubmit={(event) => void write(event)}>
                <SimpleGrid cols={{ base: 1, sm: 3 }} mb="sm">
                    {TEXTS.map((name) => (
                        <TextInput
                            key={name}
                            label={t(`setting.${name}`)}
                            maxLength={127}
                            value={form[name] ?? ""}
                            onChange={(event) => {
                                const { [name]: _, ...rest } = form;
                                const value = event.currentTarget.value;
                                setForm(value ? { ...rest, [name]: value } : rest);
                            }}
                        />
                    ))}
                    {(Object.keys(SWITCHES) as (keyof typeof SWITCHES)[]).map((name) => (
                        <Select
                            key={name}
                            label={t(`setting.${name}`)}
                            placeholder={t("configuration.leave")}
                            clearable
                            data={SWITCHES[name].map((value) => ({ value, label: t(`configuration.${value}`) }))}
                            value={form[name] ?? null}
                            onChange={(value) => {
                                const { [name]: _, ...rest } = form;
                                setForm(value ? ({ ...rest, [name]: value } as Settings) : rest);
                            }}
                        />
                    ))}
                </SimpleGrid>
                <Group>
                    <Button type="submit" variant="default" loading={isBusy} disabled={!Object.keys(form).length}>
                        {t("configuration.write")}
                    </Button>
                    {isBusy && <Text size="sm">{t("configuration.writing")}</Text>}
                </Group>
            </form>
        </Section>
    );
}
