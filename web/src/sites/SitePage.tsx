// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, MultiSelect, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "wouter";

import { api, done } from "../api/client";
import { Back } from "../parts/Back";
import { Confirm } from "../parts/Confirm";
import { called, type Site, useQueues } from "../parts/everything";
import { Kept, KeptForm } from "../parts/Kept";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { TicketDefaults } from "../parts/TicketDefaults";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

function Settings({ site }: { site: Site }) {
    const { t } = useTranslation("sites");
    const { name, title, address, geo, encrypted_only } = site;

    return (
        <Section title={t("settings")}>
            <KeptForm
                kept={{ name, title, address, geo, encrypted_only }}
                of={["sites"]}
                write={(body) => done(api.PATCH("/v1/sites/{site}", { params: { path: { site: site.id } }, body }))}
            >
                {(form, set) => (
                    <>
                        <SimpleGrid cols={{ base: 1, sm: 2 }}>
                            <TextInput label={t("field.title")} maxLength={255} value={form.title ?? ""} onChange={(event) => set({ title: event.currentTarget.value || null })} />
                            <TextInput label={t("field.name")} required maxLength={63} value={form.name} onChange={(event) => set({ name: event.currentTarget.value })} />
                            <TextInput label={t("field.address")} maxLength={255} value={form.address ?? ""} onChange={(event) => set({ address: event.currentTarget.value || null })} />
                            <TextInput
                                label={t("field.geo")}
                                description={t("hint.geo")}
                                maxLength={40}
                                value={form.geo?.replace(/^geo:/, "") ?? ""}
                                onChange={(event) => {
                                    const typed = event.currentTarget.value.replace(/\s/g, "");
                                    set({ geo: typed ? `geo:${typed}` : null });
                                }}
                            />
                        </SimpleGrid>
                        <Switch label={t("field.encrypted")} description={t("hint.encrypted")} checked={form.encrypted_only} onChange={(event) => set({ encrypted_only: event.currentTarget.checked })} />
                    </>
                )}
            </KeptForm>
        </Section>
    );
}

/* Local print optimization: what a site does by itself while its line is down. */
function Offline({ site }: { site: Site }) {
    const { t } = useTranslation("sites");
    const queues = useQueues();
    const params = { path: { site: site.id } };

    return (
        <Kept
            title={t("offline.title")}
            lead={t("offline.lead")}
            of={["sites", site.id, "offline"]}
            read={() => done(api.GET("/v1/sites/{site}/offline", { params }))}
            write={(body) => done(api.PUT("/v1/sites/{site}/offline", { params, body }))}
        >
            {(form, set) => (
                <>
                    <Switch label={t("offline.enabled")} checked={form.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
                    {form.enabled && (
                        <SimpleGrid cols={{ base: 1, sm: 2 }}>
                            <MultiSelect
                                label={t("offline.queues")}
                                searchable
                                data={queues.data?.map((queue) => ({ value: queue.name, label: called(queue) })) ?? []}
                                value={form.queues}
                                onChange={(chosen) => set({ queues: chosen })}
                            />
                            <NumberInput label={t("offline.hours")} min={1} max={720} value={form.hours} onChange={(value) => set({ hours: Number(value) })} />
                            <NumberInput label={t("offline.jobs")} min={0} max={512} value={form.jobs} onChange={(value) => set({ jobs: Number(value) })} />
                            <NumberInput label={t("offline.megabytes")} min={0} max={1_048_576} value={form.megabytes} onChange={(value) => set({ megabytes: Number(value) })} />
                        </SimpleGrid>
                    )}
                </>
            )}
        </Kept>
    );
}

function Administrators({ site }: { site: Site }) {
    const { t } = useTranslation("sites");
    const { act, isBusy } = useAct();
    const [email, setEmail] = useState("");
    const path = (person: string) => ({ params: { path: { site: site.id, person } } });
    const people = usePaged(["sites", site.id, "administrators"], (after) =>
        done(api.GET("/v1/sites/{site}/administrators", { params: { path: { site: site.id }, query: after ? { after } : {} } })),
    );

    async function appoint(event: FormEvent) {
        event.preventDefault();
        if (await act(() => done(api.PUT("/v1/sites/{site}/administrators/{person}", path(email.trim()))), { again: ["sites", "people"] })) setEmail("");
    }

    return (
        <Section title={t("people.title")} lead={t("people.lead")}>
            <Loaded query={people.query}>
                {() =>
                    people.items?.length ? (
                        <Stack component="ul" gap={4} p={0} m={0} style={{ listStyle: "none" }}>
                            {people.items?.map((person) => (
                                <Group key={person.id} component="li" justify="space-between">
                                    <Name of={person.name ? `${person.name} (${person.email})` : person.email} size="sm" />
                                    <Button
                                        size="compact-xs"
                                        variant="default"
                                        aria-label={t("people.dismissNamed", { email: person.email })}
                                        onClick={() => void act(() => done(api.DELETE("/v1/sites/{site}/administrators/{person}", path(person.id))), { again: ["sites", "people"] })}
                                    >
                                        {t("people.dismiss")}
                                    </Button>
                                </Group>
                            ))}
                        </Stack>
                    ) : (
                        <Text size="sm">{t("people.none")}</Text>
                    )
                }
            </Loaded>
            <More of={people} />
            <form onSubmit={(event) => void appoint(event)}>
                <Group align="flex-end">
                    <TextInput label={t("people.email")} type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} maxLength={254} />
                    <Button type="submit" variant="default" loading={isBusy}>
                        {t("people.appoint")}
                    </Button>
                </Group>
            </form>
        </Section>
    );
}

export default function SitePage() {
    const { t } = useTranslation("sites");
    const { site: id } = useParams<{ site: string }>();
    const [, go] = useLocation();
    const { act, isBusy } = useAct();
    const [isAsked, setAsked] = useState(false);
    const found = useQuery({ queryKey: ["sites", id], queryFn: () => done(api.GET("/v1/sites/{site}", { params: { path: { site: id } } })) });
    const site = found.data;

    async function remove() {
        if (await act(() => done(api.DELETE("/v1/sites/{site}", { params: { path: { site: id } } })), { again: ["sites", "printers", "agents"] })) go("/admin/sites");
        else setAsked(false);
    }

    return (
        <Page
            title={site ? called(site) : t("site")}
            back={<Back to="/admin/sites" words={t("title")} />}
            actions={
                site && (
                    <>
                        <Button variant="default" component={Link} href={`/admin/printers?site=${encodeURIComponent(site.name)}`}>
                            {t("printers", { count: site.printers })}
                        </Button>
                        <Button variant="default" onClick={() => setAsked(true)}>
                            {t("shell:delete")}
                        </Button>
                    </>
                )
            }
        >
            <Loaded query={found}>
                {(one) => (
                    <Stack>
                        <Settings site={one} />
                        <Administrators site={one} />
                        <Offline site={one} />
                        <TicketDefaults
                            of={["sites", one.id, "ticket"]}
                            lead={t("ticketLead")}
                            read={() => done(api.GET("/v1/sites/{site}/ticket", { params: { path: { site: one.id } } }))}
                            write={(body) => done(api.PUT("/v1/sites/{site}/ticket", { params: { path: { site: one.id } }, body }))}
                        />
                    </Stack>
                )}
            </Loaded>
            <Confirm opened={isAsked} title={t("delete.title")} words={t("delete.words")} deed={t("shell:delete")} busy={isBusy} close={() => setAsked(false)} confirm={() => void remove()} />
        </Page>
    );
}
