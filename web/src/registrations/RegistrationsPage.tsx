// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Button, Group, NumberInput, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Admission = Schemas["Admission"];
const SWITCHES = ["registration", "approval", "directory_only", "badge_enrolment", "guests"] as const;
const HOUR_S = 3600;

function Switches({ admission }: { admission: Admission }) {
    const { t } = useTranslation("registrations");
    const { act, isBusy } = useAct();
    const [hours, setHours] = useState<number | string>(admission.guest_for / HOUR_S);
    const change = (body: Partial<Admission>) => act(() => done(api.PATCH("/v1/admission", { body })), { again: ["admission"] });

    return (
        <Stack>
            {SWITCHES.map((name) => (
                <Switch
                    key={name}
                    label={t(`admission.${name}.name`)}
                    description={t(`admission.${name}.hint`)}
                    checked={admission[name]}
                    disabled={isBusy}
                    onChange={(event) => void change({ [name]: event.currentTarget.checked })}
                />
            ))}
            <NumberInput
                label={t("admission.guest_for")}
                min={1}
                max={8760}
                maw="16rem"
                value={hours}
                onChange={setHours}
                onBlur={() => Number(hours) * HOUR_S !== admission.guest_for && Number(hours) > 0 && void change({ guest_for: Math.round(Number(hours) * HOUR_S) })}
            />
        </Stack>
    );
}

function Waiting() {
    const { t } = useTranslation("registrations");
    const { ago } = useTime();
    const { act, isBusy } = useAct();
    const waiting = usePaged(["registrations"], (after) => done(api.GET("/v1/registrations", { params: { query: after ? { after } : {} } })));
    const params = (registration: string) => ({ params: { path: { registration } } });

    const letIn = (id: string) => act(() => done(api.PUT("/v1/registrations/{registration}/approval", params(id))), { again: ["registrations", "people"] });
    const turnAway = (id: string) => act(() => done(api.DELETE("/v1/registrations/{registration}", params(id))), { again: ["registrations"] });
    return (
        <Section title={t("waiting.title")} lead={t("waiting.lead")}>
            <Loaded query={waiting.query}>
                {() => (
                    <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                        {waiting.items?.length === 0 && (
                            <Text component="li" c="dimmed">
                                {t("waiting.none")}
                            </Text>
                        )}
                        {waiting.items?.map((one) => (
                            <Group component="li" key={one.id} justify="space-between" wrap="nowrap">
                                <div style={{ minWidth: 0 }}>
                                    <Name of={one.name ? `${one.name} (${one.email})` : one.email} />
                                    <Text size="sm" c="dimmed">
                                        {t(`waiting.${one.state}`)}, {ago(one.created)}
                                    </Text>
                                </div>
                                <Group gap="xs" wrap="nowrap">
                                    {one.state === "waiting" && (
                                        <Button size="compact-sm" loading={isBusy} onClick={() => void letIn(one.id)}>
                                            {t("waiting.in")}
                                        </Button>
                                    )}
                                    <Button size="compact-sm" variant="default" onClick={() => void turnAway(one.id)}>
                                        {t("waiting.away")}
                                    </Button>
                                </Group>
                            </Group>
                        ))}
                    </Stack>
                )}
            </Loaded>
            <More of={waiting} />
        </Section>
    );
}

function Rules() {
    const { t } = useTranslation("registrations");
    const { act, isBusy } = useAct();
    const [pattern, setPattern] = useState("");
    const [kind, setKind] = useState<"allow" | "block">("allow");
    const rules = usePaged(["address-rules"], (after) => done(api.GET("/v1/address-rules", { params: { query: after ? { after } : {} } })));

    const add = async (event: FormEvent) => {
        event.preventDefault();
        if (await act(() => done(api.POST("/v1/address-rules", { body: { kind, pattern: pattern.trim() } })), { again: ["address-rules"] })) setPattern("");
    };
    const take = (rule: string) => act(() => done(api.DELETE("/v1/address-rules/{rule}", { params: { path: { rule } } })), { again: ["address-rules"] });
    return (
        <Section title={t("rules.title")} lead={t("rules.lead")}>
            <Loaded query={rules.query}>
                {() => (
                    <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                        {rules.items?.map((rule) => (
                            <Group component="li" key={rule.id} justify="space-between" wrap="nowrap">
                                <Group gap="xs" wrap="nowrap" miw={0}>
                                    <Badge tt="none" variant="light" color={rule.kind === "allow" ? "ink" : "red"}>
                                        {t(`rules.${rule.kind}`)}
                                    </Badge>
                                    <Name of={rule.pattern} />
                                </Group>
                                <Button size="compact-sm" variant="default" aria-label={t("rules.takeThis", { pattern: rule.pattern })} onClick={() => void take(rule.id)}>
                                    {t("shell:delete")}
                                </Button>
                            </Group>
                        ))}
                    </Stack>
                )}
            </Loaded>
            <More of={rules} />
            <form onSubmit={(event) => void add(event)}>
                <Group align="end">
                    <Select
                        label={t("rules.kind")}
                        allowDeselect={false}
                        value={kind}
                        onChange={(value) => setKind(value as "allow" | "block")}
                        data={(["allow", "block"] as const).map((value) => ({ value, label: t(`rules.${value}`) }))}
                        w="10rem"
                    />
                    <TextInput label={t("rules.pattern")} description={t("rules.hint")} required maxLength={254} value={pattern} onChange={(event) => setPattern(event.currentTarget.value)} style={{ flex: "0 1 22rem" }} />
                    <Button type="submit" variant="default" loading={isBusy}>
                        {t("shell:add")}
                    </Button>
                </Group>
            </form>
        </Section>
    );
}

/* How people come to be known by themselves. */
export default function RegistrationsPage() {
    const { t } = useTranslation("registrations");
    const admission = useQuery({ queryKey: ["admission"], queryFn: () => done(api.GET("/v1/admission")) });

    return (
        <Page title={t("title")} lead={t("lead")}>
            <Waiting />
            <Section title={t("admission.title")}>
                <Loaded query={admission}>{(found) => <Switches key={found.guest_for} admission={found} />}</Loaded>
            </Section>
            <Rules />
        </Page>
    );
}
