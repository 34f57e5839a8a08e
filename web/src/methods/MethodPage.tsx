// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Accordion, Alert, Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useParams } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Back } from "../parts/Back";
import { Confirm } from "../parts/Confirm";
import { Copied } from "../parts/Copied";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";
import { Directory } from "./Directory";
import { useMethods } from "./MethodsPage";
import { type Field, FIELDS, type Form, fromForm, type Settings, toForm } from "./settings";

type Method = Schemas["Method"];
const CALLBACK = "/v1/sign-in/oidc/callback";

function Asked({ field, value, change }: { field: Field; value: string; change: (value: string) => void }) {
    const { t } = useTranslation("methods");
    const label = t(`setting.${field.name}.name`);
    const description = t(`setting.${field.name}.hint`);
    const common = { label, description, required: field.isNeeded ?? false };

    if (field.kind === "flag") return <Switch label={label} description={description} checked={value === "true"} onChange={(event) => change(String(event.currentTarget.checked))} />;
    if (field.kind === "choice")
        return (
            <Select
                {...common}
                allowDeselect={false}
                value={value}
                onChange={(chosen) => change(chosen ?? "")}
                data={field.choices!.map((one) => ({ value: one, label: t(`setting.${field.name}.choice.${one}`) }))}
            />
        );
    if (field.kind === "number") return <NumberInput {...common} min={0} placeholder={field.otherwise ?? ""} value={value} onChange={(number) => change(String(number))} />;
    if (field.kind === "text") return <TextInput {...common} maxLength={2047} placeholder={field.otherwise ?? ""} value={value} onChange={(event) => change(event.currentTarget.value)} />;
    return <Textarea {...common} autosize minRows={2} maxRows={10} maxLength={8000} value={value} onChange={(event) => change(event.currentTarget.value)} />;
}

interface Wanted {
    title: string;
    secret: string;
    form: Form;
}

function useSave(kind: string, method: Method | null) {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const [, go] = useLocation();

    const save = async ({ title, secret, form }: Wanted) => {
        const settings = fromForm(FIELDS[kind]!, form, (method?.settings ?? {}) as Settings) as Record<string, never>;
        const common = { title: title.trim(), settings, ...(secret ? { secret } : {}) };
        const saved = await act(
            () =>
                method
                    ? done(api.PATCH("/v1/methods/{method}", { params: { path: { method: method.id } }, body: common }))
                    : done(api.POST("/v1/methods", { body: { kind, enabled: false, ...common } })),
            { again: ["methods"], said: t("shell:saved") },
        );
        if (saved && !method) go(`/admin/sign-in/${saved.came.id}`, { replace: true });
        return saved !== null;
    };
    return { save, isBusy };
}

function Edit({ kind, method }: { kind: string; method: Method | null }) {
    const { t } = useTranslation("methods");
    const { save, isBusy } = useSave(kind, method);
    const fields = FIELDS[kind]!;
    const [title, setTitle] = useState(method?.title ?? "");
    const [secret, setSecret] = useState("");
    const [form, setForm] = useState(() => toForm(fields, (method?.settings ?? {}) as Settings));
    const ask = (field: Field) => <Asked key={field.name} field={field} value={form[field.name] ?? ""} change={(value) => setForm((before) => ({ ...before, [field.name]: value }))} />;
    const first = fields.filter((field) => field.isNeeded || ["kind", "bind_name", "ca"].includes(field.name));

    const send = async (event: FormEvent) => {
        event.preventDefault();
        if (await save({ title, secret, form })) setSecret("");
    };
    return (
        <form onSubmit={(event) => void send(event)}>
            <Stack>
                <TextInput label={t("titleOf")} description={t("titleHint")} required maxLength={250} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
                {first.map(ask)}
                <PasswordInput
                    label={t(`secret.${kind}`)}
                    description={t(method?.has_secret ? "secret.has" : "secret.hint")}
                    autoComplete="off"
                    maxLength={4096}
                    value={secret}
                    onChange={(event) => setSecret(event.currentTarget.value)}
                />
                <Accordion variant="contained" order={3}>
                    <Accordion.Item value="more">
                        <Accordion.Control>{t("more")}</Accordion.Control>
                        <Accordion.Panel>
                            <Stack>{fields.filter((field) => !first.includes(field)).map(ask)}</Stack>
                        </Accordion.Panel>
                    </Accordion.Item>
                </Accordion>
                <Group>
                    <Button type="submit" loading={isBusy}>
                        {t("shell:save")}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}

/* It is asked for real, with what is saved; what was found is said in words. */
function Try({ method }: { method: Method }) {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const [found, setFound] = useState<Schemas["Tried"] | null>(null);

    const tryIt = async () => {
        setFound(null);
        const tried = await act(() => done(api.POST("/v1/methods/{method}/try", { params: { path: { method: method.id } } })));
        if (tried) setFound(tried.came);
    };
    return (
        <Section title={t("try.title")} lead={t("try.lead")}>
            <Group>
                <Button loading={isBusy} onClick={() => void tryIt()}>
                    {t("try.deed")}
                </Button>
            </Group>
            <div role="status" aria-live="polite">
                {found && (
                    <Alert color={found.works ? "blue" : "red"} title={t(found.works ? "try.works" : "try.fails")}>
                        <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }} lang="en">
                            {found.sentence}
                        </Text>
                    </Alert>
                )}
            </div>
        </Section>
    );
}

function Shown({ method }: { method: Method }) {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const [, go] = useLocation();
    const [isAsked, setAsked] = useState(false);
    const params = { path: { method: method.id } };

    const turn = (enabled: boolean) => act(() => done(api.PATCH("/v1/methods/{method}", { params, body: { enabled } })), { again: ["methods"] });
    const erase = async () => {
        if (await act(() => done(api.DELETE("/v1/methods/{method}", { params })), { again: ["methods"] })) go("/admin/sign-in", { replace: true });
    };
    return (
        <Page
            title={(method.title || t(`kind.${method.kind}`)).slice(0, 80)}
            lead={t(`lead_${method.kind}`)}
            actions={
                <>
                    <Switch label={t("isOn")} checked={method.enabled} disabled={isBusy} onChange={(event) => void turn(event.currentTarget.checked)} />
                    <Button variant="default" onClick={() => setAsked(true)}>
                        {t("shell:delete")}
                    </Button>
                </>
            }
        >
            {method.kind === "oidc" && <Addresses method={method} />}
            <Section title={t("settings")}>
                <Edit kind={method.kind} method={method} />
            </Section>
            <Try method={method} />
            {method.kind === "ldap" && <Directory method={method.id} />}
            <Confirm
                opened={isAsked}
                title={t("delete.title")}
                words={t("delete.words")}
                deed={t("shell:delete")}
                busy={isBusy}
                close={() => setAsked(false)}
                confirm={() => void erase()}
            />
        </Page>
    );
}

/* What the provider has to be told of us. */
function Addresses({ method }: { method: Method | null }) {
    const { t } = useTranslation("methods");

    return (
        <Section title={t("provider.title")} lead={t("provider.lead")}>
            <Copied label={t("provider.callback")} value={location.origin + CALLBACK} />
            {method && <Copied label={t("provider.logout")} value={`${location.origin}/v1/sign-in/oidc/${method.id}/back-channel-logout`} />}
        </Section>
    );
}

function New({ kind }: { kind: string }) {
    const { t } = useTranslation("methods");

    return (
        <Page title={t(`new_${kind}`)} lead={t("newLead")}>
            {kind === "oidc" && <Addresses method={null} />}
            <Section title={t("settings")}>
                <Edit kind={kind} method={null} />
            </Section>
        </Page>
    );
}

export default function MethodPage() {
    const { t } = useTranslation("methods");
    const { method: id } = useParams<{ method: string }>();
    const methods = useMethods();
    const isNew = id === "new-oidc" || id === "new-ldap";

    return (
        <Stack>
            <Back to="/admin/sign-in" words={t("back")} />
            {isNew ? (
                <New kind={id.slice(4)} />
            ) : (
                <Loaded query={methods}>
                    {(page) => {
                        const found = page.items.find((method) => method.id === id && method.kind in FIELDS);
                        return found ? <Shown key={found.id} method={found} /> : <Text>{t("gone")}</Text>;
                    }}
                </Loaded>
            )}
        </Stack>
    );
}
