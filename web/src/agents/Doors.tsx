// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, MultiSelect, NumberInput, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { called, useQueues } from "../parts/everything";
import { Kept } from "../parts/Kept";
import { Loaded } from "../parts/Loaded";

type Doors = Schemas["Doors"];

function Queues({ value, choose }: { value: string[]; choose: (queues: string[]) => void }) {
    const { t } = useTranslation("agents");
    const queues = useQueues();

    return (
        <MultiSelect
            label={t("doors.queues")}
            searchable
            data={queues.data?.map((queue) => ({ value: queue.id, label: called(queue) })) ?? []}
            value={value}
            onChange={choose}
        />
    );
}

type Part<T> = { door: T; set: (change: Partial<T>) => void };

function Ipp({ door, set }: Part<Doors["ipp"]>) {
    const { t } = useTranslation("agents");

    return (
        <>
            <Switch label={t("doors.ipp")} description={t("doors.ippHint")} checked={door.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
            {door.enabled && (
                <Stack gap="xs" ps="md">
                    <SimpleGrid cols={{ base: 1, sm: 3 }}>
                        <NumberInput label={t("doors.port")} min={1} max={65535} value={door.port} onChange={(port) => set({ port: Number(port) })} />
                        <Queues value={door.queues} choose={(queues) => set({ queues })} />
                        <TextInput label={t("doors.host")} maxLength={253} value={door.host ?? ""} onChange={(event) => set({ host: event.currentTarget.value || null })} />
                    </SimpleGrid>
                    <Checkbox label={t("doors.dnsSd")} checked={door.dns_sd} onChange={(event) => set({ dns_sd: event.currentTarget.checked })} />
                    <Checkbox label={t("doors.plain")} checked={door.plain} onChange={(event) => set({ plain: event.currentTarget.checked })} />
                </Stack>
            )}
        </>
    );
}

function Lpd({ door, set }: Part<Doors["lpd"]>) {
    const { t } = useTranslation("agents");

    return (
        <>
            <Switch label={t("doors.lpd")} description={t("doors.lpdHint")} checked={door.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
            {door.enabled && (
                <Stack gap="xs" ps="md">
                    <SimpleGrid cols={{ base: 1, sm: 3 }}>
                        <NumberInput label={t("doors.port")} min={1} max={65535} value={door.port} onChange={(port) => set({ port: Number(port) })} />
                        <Queues value={door.queues} choose={(queues) => set({ queues })} />
                        <TagsInput label={t("doors.networks")} value={door.networks} onChange={(networks) => set({ networks })} />
                    </SimpleGrid>
                    <Checkbox label={t("doors.reserved")} checked={door.reserved_ports} onChange={(event) => set({ reserved_ports: event.currentTarget.checked })} />
                </Stack>
            )}
        </>
    );
}

/* For networks without multicast: lines that go into their own zone. */
function Records({ agent }: { agent: string }) {
    const { t } = useTranslation("agents");
    const records = useQuery({
        queryKey: ["agents", agent, "dns-records"],
        queryFn: () => done(api.GET("/v1/agents/{agent}/dns-records", { params: { path: { agent } } })),
        enabled: false,
        retry: false,
    });

    return (
        <Stack gap="xs" align="flex-start">
            <Button variant="default" loading={records.isFetching} onClick={() => void records.refetch()}>
                {t("doors.records")}
            </Button>
            {(records.data || records.error) && (
                <Loaded query={records}>
                    {({ zone, domain }) => (
                        <>
                            <Text size="sm">{t("doors.zone", { domain })}</Text>
                            <Copied value={zone} label={t("doors.records")} />
                        </>
                    )}
                </Loaded>
            )}
        </Stack>
    );
}

export function Doors({ agent }: { agent: string }) {
    const { t } = useTranslation("agents");
    const params = { path: { agent } };

    return (
        <Kept
            title={t("doors.title")}
            lead={t("doors.lead")}
            of={["agents", agent, "doors"]}
            read={() => done(api.GET("/v1/agents/{agent}/doors", { params }))}
            write={({ ipp, lpd }) => done(api.PUT("/v1/agents/{agent}/doors", { params, body: { ipp, lpd } }))}
            below={({ ipp }) => ipp.enabled && <Records agent={agent} />}
        >
            {({ ipp, lpd }, set) => (
                <>
                    <Ipp door={ipp} set={(change) => set({ ipp: { ...ipp, ...change } })} />
                    <Lpd door={lpd} set={(change) => set({ lpd: { ...lpd, ...change } })} />
                </>
            )}
        </Kept>
    );
}
