// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Copied } from "../parts/Copied";
import { Kept } from "../parts/Kept";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";
import { WhoPaysUsual } from "../parts/WhoPays";
import { Use } from "../tenants/Use";

type Tenant = Schemas["Tenant"];
const HOUR_S = 3600;
const CHOICES = { unsupported: ["adapt", "hold"], substitution: ["off", "ask", "choose"], two_sites: ["tell", "refuse"], outside: ["nothing", "submission", "everything"], language: ["en", "de"] } as const;
type Choice = keyof typeof CHOICES;

type Wanted = Pick<Tenant, "encrypted_only" | Choice> & { title: string; held: number | string; printed: number | string; inside: string };

function wantedOf(tenant: Tenant): Wanted {
    const { title, held_for, printed_for, inside, ...rest } = tenant;

    return { ...rest, title: title ?? "", held: held_for / HOUR_S, printed: printed_for / HOUR_S, inside: inside.join("\n") };
}

function bodyOf({ title, held, printed, inside, encrypted_only, unsupported, substitution, two_sites, outside, language }: Wanted) {
    const networks = inside.split(/[\s,]+/).filter((one) => one !== "");

    return {
        title: title.trim(),
        held_for: Math.round(Number(held) * HOUR_S),
        printed_for: Math.round(Number(printed) * HOUR_S),
        inside: networks,
        ...{ encrypted_only, unsupported, substitution, two_sites, outside, language },
    };
}

function Form({ tenant }: { tenant: Tenant }) {
    const { t } = useTranslation("settings");
    const { act, isBusy } = useAct();
    const [wanted, setWanted] = useState(() => wantedOf(tenant));
    const change = (some: Partial<Wanted>) => setWanted((before) => ({ ...before, ...some }));

    const choose = (name: Choice) => (
        <Select
            label={t(`${name}.name`)}
            description={t(`${name}.hint`)}
            allowDeselect={false}
            value={wanted[name]}
            onChange={(value) => change({ [name]: value })}
            data={CHOICES[name].map((value) => ({ value, label: t(`${name}.choice.${value}`) }))}
        />
    );
    const save = async (event: FormEvent) => {
        event.preventDefault();
        await act(() => done(api.PATCH("/v1/tenant", { body: bodyOf(wanted) })), { again: ["tenant", "me"], said: t("shell:saved") });
    };
    return (
        <form onSubmit={(event) => void save(event)}>
            <Stack>
                <Section title={t("about")}>
                    <TextInput label={t("name")} maxLength={250} value={wanted.title} onChange={(event) => change({ title: event.currentTarget.value })} />
                    {choose("language")}
                </Section>
                <Section title={t("documents")}>
                    <NumberInput label={t("held.name")} description={t("held.hint")} min={1} max={8784} value={wanted.held} onChange={(value) => change({ held: value })} />
                    <NumberInput label={t("printed.name")} description={t("printed.hint")} min={0} max={168} value={wanted.printed} onChange={(value) => change({ printed: value })} />
                </Section>
                <Section title={t("printing")}>
                    {choose("unsupported")}
                    {choose("substitution")}
                    {choose("two_sites")}
                    <Switch label={t("encrypted.name")} description={t("encrypted.hint")} checked={wanted.encrypted_only} onChange={(event) => change({ encrypted_only: event.currentTarget.checked })} />
                </Section>
                <Section title={t("networks")}>
                    <Textarea label={t("inside.name")} description={t("inside.hint")} autosize minRows={2} maxLength={1200} value={wanted.inside} onChange={(event) => change({ inside: event.currentTarget.value })} />
                    {choose("outside")}
                </Section>
                <Group>
                    <Button type="submit" loading={isBusy}>
                        {t("shell:save")}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}

function CompanyCode({ tenant }: { tenant: Tenant }) {
    const { t } = useTranslation("settings");
    const { act, isBusy } = useAct();
    const [isAsked, setAsked] = useState(false);

    const renew = async () => {
        if (await act(() => done(api.POST("/v1/tenant/company-code")), { again: ["tenant"] })) setAsked(false);
    };
    return (
        <Section title={t("code.title")} lead={t("code.lead")}>
            <Group>
                <Copied value={tenant.company_code} label={t("code.title")} />
                <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
                    {t("code.renew")}
                </Button>
            </Group>
            <Confirm opened={isAsked} title={t("code.renew")} words={t("code.words")} deed={t("code.renew")} busy={isBusy} close={() => setAsked(false)} confirm={() => void renew()} />
        </Section>
    );
}

const PANEL_RULES = ["unbound", "prints_at_once", "presence", "hides_titles"] as const;

function PanelRules() {
    const { t } = useTranslation("settings");

    return (
        <Kept
            title={t("panels.title")}
            lead={t("panels.lead")}
            of={["tenant", "panels"]}
            read={() => done(api.GET("/v1/tenant/panels"))}
            write={(body) => done(api.PATCH("/v1/tenant/panels", { body }))}
        >
            {(form, set) => (
                <>
                    {PANEL_RULES.map((name) => (
                        <Switch key={name} label={t(`panels.${name}`)} description={t(`panels.${name}Hint`)} checked={form[name]} onChange={(event) => set({ [name]: event.currentTarget.checked })} />
                    ))}
                    <TextInput label={t("panels.words")} description={t("panels.wordsHint")} maxLength={250} value={form.words} onChange={(event) => set({ words: event.currentTarget.value })} />
                </>
            )}
        </Kept>
    );
}

function WhoPays() {
    const { t } = useTranslation("settings");

    return (
        <Kept
            title={t("whoPays.title")}
            lead={t("whoPays.lead")}
            of={["tenant", "accounting"]}
            read={() => done(api.GET("/v1/tenant/accounting"))}
            write={(body) => done(api.PATCH("/v1/tenant/accounting", { body }))}
        >
            {(form, set) => (
                <>
                    <SimpleGrid cols={{ base: 1, sm: 2 }}>
                        <WhoPaysUsual of={form} set={set} />
                    </SimpleGrid>
                    <Switch label={t("whoPays.mayKeep")} description={t("whoPays.mayKeepHint")} checked={form.may_save ?? false} onChange={(event) => set({ may_save: event.currentTarget.checked })} />
                </>
            )}
        </Kept>
    );
}

export default function SettingsPage() {
    const { t } = useTranslation("settings");
    const tenant = useQuery({ queryKey: ["tenant"], queryFn: () => done(api.GET("/v1/tenant")) });

    return (
        <Page title={t("title")} lead={t("lead")} size="md">
            <Loaded query={tenant}>
                {(found) => (
                    <>
                        <Form key={found.id} tenant={found} />
                        <CompanyCode tenant={found} />
                        <PanelRules />
                        <WhoPays />
                        <Use tenant={found} />
                    </>
                )}
            </Loaded>
        </Page>
    );
}
