// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Group, MultiSelect, NumberInput, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { called, useQueues } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";

type Kept = Schemas["Doors"];

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

function Form({ agent, kept }: { agent: string; kept: Kept }) {
    const { t } = useTranslation("agents");
    const { act, isBusy } = useAct();
    const [{ ipp, lpd }, setForm] = useState(kept);
    const setIpp = (change: Partial<Kept["ipp"]>) => setForm((before) => ({ ...before, ipp: { ...before.ipp, ...change } }));
    const setLpd = (change: Partial<Kept["lpd"]>) => setForm((before) => ({ ...before, lpd: { ...before.lpd, ...change } }));

    function save(event: FormEvent) {
        event.preventDefault();
        void act(() => done(api.PUT("/v1/agents/{agent}/doors", { params: { path: { agent } }, body: { ipp, lpd } })), {
            again: ["agents"],
            said: t("shell:saved"),
        });
    }

    return (
        <form onSubmit={save}>
            <Stack>
                <Switch label={t("doors.ipp")} description={t("doors.ippHint")} checked={ipp.enabled} onChange={(event) => setIpp({ enabled: event.currentTarget.checked })} />
                {ipp.enabled && (
                    <Stack gap="xs" ps="md">
                        <SimpleGrid cols={{ base: 1, sm: 3 }}>
                            <NumberInput label={t("doors.port")} min={1} max={65535} value={ipp.port} onChange={(port) => setIpp({ port: Number(port) })} />
                            <Queues value={ipp.queues} choose={(queues) => setIpp({ queues })} />
                            <TextInput label={t("doors.host")} maxLength={253} value={ipp.host ?? ""} onChange={(event) => setIpp({ host: event.currentTarget.value || null })} />
                        </SimpleGrid>
                        <Checkbox label={t("doors.dnsSd")} checked={ipp.dns_sd} onChange={(event) => setIpp({ dns_sd: event.currentTarget.checked })} />
                        <Checkbox label={t("doors.plain")} checked={ipp.plain} onChange={(event) => setIpp({ plain: event.currentTarget.checked })} />
                    </Stack>
                )}
                <Switch label={t("doors.lpd")} description={t("doors.lpdHint")} checked={lpd.enabled} onChange={(event) => setLpd({ enabled: event.currentTarget.checked })} />
                {lpd.enabled && (
                    <Stack gap="xs" ps="md">
                        <SimpleGrid cols={{ base: 1, sm: 3 }}>
                            <NumberInput label={t("doors.port")} min={1} max={65535} value={lpd.port} onChange={(port) => setLpd({ port: Number(port) })} />
                            <Queues value={lpd.queues} choose={(queues) => setLpd({ queues })} />
                            <TagsInput label={t("doors.networks")} value={lpd.networks} onChange={(networks) => setLpd({ networks })} />
                        </SimpleGrid>
                        <Checkbox label={t("doors.reserved")} checked={lpd.reserved_ports} onChange={(event) => setLpd({ reserved_ports: event.currentTarget.checked })} />
                    </Stack>
                )}
                <Group>
                    <Button type="submit" variant="default" loading={isBusy}>
                        {t("shell:save")}
                    </Button>
                </Group>
            </Stack>
        </form>
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
    const doors = useQuery({
        queryKey: ["agents", agent, "doors"],
        queryFn: () => done(api.GET("/v1/agents/{agent}/doors", { params: { path: { agent } } })),
    });

    return (
        <Section title={t("doors.title")} lead={t("doors.lead")}>
            <Loaded query={doors}>
                {(kept) => (
                    <Stack>
                        <Form agent={agent} kept={kept} />
                        {kept.ipp.enabled && <Records agent={agent} />}
                    </Stack>
                )}
            </Loaded>
        </Section>
    );
}
