// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Accordion, Checkbox, Group, NumberInput, Select, SimpleGrid, Stack, TagsInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Kept } from "../parts/Kept";
import { Credentials, START } from "./Credentials";

type Discovery = Schemas["Discovery"];
type Wanted = Schemas["DiscoverySet"];
type Schedule = NonNullable<Wanted["schedule"]>;

const WAYS = ["ipp", "snmp", "dns-sd"] as const;
const CAPS = ["packets_per_second", "window", "timeout_ms", "retries"] as const;
const LEAST = { packets_per_second: 1, window: 1, timeout_ms: 100, retries: 0 } as const;
const MOST = { packets_per_second: 10_000, window: 4096, timeout_ms: 30_000, retries: 5 } as const;

function Times({ form, set }: { form: Wanted; set: (change: Wanted) => void }) {
    const { t } = useTranslation("discovery");
    const schedule = form.schedule ?? {};
    const setSchedule = (change: Schedule) => set({ schedule: { ...schedule, ...change } });

    return (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <Select
                label={t("plan.discovery")}
                allowDeselect={false}
                data={(["never", "daily", "weekly"] as const).map((value) => ({ value, label: t(`plan.${value}`) }))}
                value={schedule.discovery ?? "never"}
                onChange={(value) => setSchedule({ discovery: value as NonNullable<Schedule["discovery"]> })}
            />
            {schedule.discovery === "weekly" && (
                <Select
                    label={t("plan.weekday")}
                    allowDeselect={false}
                    data={[1, 2, 3, 4, 5, 6, 0].map((day) => ({ value: String(day), label: t(`plan.day${day}`) }))}
                    value={String(schedule.weekday ?? 0)}
                    onChange={(value) => setSchedule({ weekday: Number(value) })}
                />
            )}
            <TextInput label={t("plan.at")} type="time" value={schedule.at ?? ""} onChange={(event) => setSchedule({ at: event.currentTarget.value })} />
            <Select
                label={t("plan.meters")}
                allowDeselect={false}
                data={(["never", "daily"] as const).map((value) => ({ value, label: t(`plan.${value}`) }))}
                value={schedule.meters ?? "never"}
                onChange={(value) => setSchedule({ meters: value as NonNullable<Schedule["meters"]> })}
            />
            <NumberInput
                label={t("plan.supplies")}
                description={t("plan.suppliesHint")}
                min={0}
                max={1440}
                value={schedule.supplies_minutes ?? 0}
                onChange={(value) => setSchedule({ supplies_minutes: Number(value) || 0 })}
            />
        </SimpleGrid>
    );
}

function Hours({ form, set }: { form: Wanted; set: (change: Wanted) => void }) {
    const { t } = useTranslation("discovery");

    return (
        <Group align="flex-end">
            <Checkbox
                label={t("plan.hours")}
                checked={!!form.hours}
                mb={8}
                onChange={(event) => set({ hours: event.currentTarget.checked ? { from: "20:00", to: "06:00" } : null })}
            />
            {form.hours &&
                (["from", "to"] as const).map((end) => (
                    <TextInput
                        key={end}
                        label={t(`plan.${end}`)}
                        type="time"
                        value={form.hours![end]}
                        onChange={(event) => set({ hours: { ...form.hours!, [end]: event.currentTarget.value } })}
                    />
                ))}
        </Group>
    );
}

function Caps({ form, set }: { form: Wanted; set: (change: Wanted) => void }) {
    const { t } = useTranslation("discovery");

    return (
        <Accordion variant="contained" order={3}>
            <Accordion.Item value="caps">
                <Accordion.Control>{t("plan.caps")}</Accordion.Control>
                <Accordion.Panel>
                    <Stack>
                        <Checkbox.Group label={t("plan.ways")} value={form.ways ?? []} onChange={(ways) => set({ ways: ways as NonNullable<Wanted["ways"]> })}>
                            <Group mt={4}>
                                {WAYS.map((way) => (
                                    <Checkbox key={way} value={way} label={way.toUpperCase()} />
                                ))}
                            </Group>
                        </Checkbox.Group>
                        <SimpleGrid cols={{ base: 1, sm: 4 }}>
                            {CAPS.map((name) => (
                                <NumberInput
                                    key={name}
                                    label={t(`plan.${name}`)}
                                    min={LEAST[name]}
                                    max={MOST[name]}
                                    value={form[name] ?? ""}
                                    onChange={(value) => set({ [name]: Number(value) })}
                                />
                            ))}
                        </SimpleGrid>
                        <Checkbox label={t("plan.pages")} checked={form.pages ?? false} onChange={(event) => set({ pages: event.currentTarget.checked })} />
                    </Stack>
                </Accordion.Panel>
            </Accordion.Item>
        </Accordion>
    );
}

/* How an agent looks for printers: where, when, how hard, and with which credentials. */
export function Plan({ agent }: { agent: string }) {
    const { t } = useTranslation("discovery");
    const params = { path: { agent } };

    async function read(): Promise<{ shown: Discovery["credentials"]; form: Wanted }> {
        const { credentials, ...form } = await done(api.GET("/v1/agents/{agent}/discovery", { params }));
        const isNew = !credentials.length && !form.ranges?.length;
        return { shown: credentials, form: isNew ? { ...form, credentials: [START] } : form };
    }

    return (
        <Kept
            title={t("plan.title")}
            lead={t("plan.lead")}
            of={["agents", agent, "discovery"]}
            read={read}
            write={({ form }) => done(api.PUT("/v1/agents/{agent}/discovery", { params, body: form }))}
        >
            {({ shown, form }, change) => {
                const set = (some: Wanted) => change({ form: { ...form, ...some } });
                return (
                    <>
                        <SimpleGrid cols={{ base: 1, sm: 2 }}>
                            <TagsInput label={t("plan.ranges")} description={t("plan.rangesHint")} value={form.ranges ?? []} onChange={(ranges) => set({ ranges })} splitChars={[",", " "]} />
                            <TagsInput label={t("plan.excludes")} description={t("plan.excludesHint")} value={form.excludes ?? []} onChange={(excludes) => set({ excludes })} splitChars={[",", " "]} />
                        </SimpleGrid>
                        <Credentials shown={shown} wanted={form.credentials} set={(wanted) => set({ credentials: wanted })} />
                        <Times form={form} set={set} />
                        <Hours form={form} set={set} />
                        <Caps form={form} set={set} />
                    </>
                );
            }}
        </Kept>
    );
}
