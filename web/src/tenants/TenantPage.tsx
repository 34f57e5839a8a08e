// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, NumberInput, Progress, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Back } from "../parts/Back";
import { Confirm } from "../parts/Confirm";
import { Copied } from "../parts/Copied";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { Use } from "./Use";

type Tenant = Schemas["Tenant"];
const LIMITS = ["people", "printers", "agents", "held_jobs", "held_octets", "submissions_per_hour"] as const;
const LOOK_AGAIN_MS = 30_000; // while it is being deleted

function Limits({ tenant }: { tenant: Tenant }) {
    const { t } = useTranslation("tenants");
    const { act, isBusy } = useAct();
    const [plan, setPlan] = useState(tenant.plan ?? "");
    const [wanted, setWanted] = useState<Record<string, number | string>>(() => Object.fromEntries(LIMITS.map((name) => [name, tenant.limits[name] ?? ""])));

    const save = async (event: FormEvent) => {
        event.preventDefault();
        const limits = Object.fromEntries(LIMITS.map((name) => [name, wanted[name] === "" ? null : Number(wanted[name])]));
        const params = { path: { tenant: tenant.id } };
        await act(() => done(api.PATCH("/v1/tenants/{tenant}", { params, body: { plan: plan.trim(), limits } })), { again: ["tenants"], said: t("shell:saved") });
    };
    return (
        <Section title={t("limits")} lead={t("limitsLead")}>
            <form onSubmit={(event) => void save(event)}>
                <Stack maw="26rem">
                    <TextInput label={t("plan")} maxLength={63} value={plan} onChange={(event) => setPlan(event.currentTarget.value)} />
                    {LIMITS.map((name) => (
                        <NumberInput
                            key={name}
                            label={t(`limit.${name}`)}
                            placeholder={t("use.any")}
                            min={1}
                            value={wanted[name] ?? ""}
                            onChange={(value) => setWanted((before) => ({ ...before, [name]: value }))}
                        />
                    ))}
                    <Button type="submit" loading={isBusy} style={{ alignSelf: "flex-start" }}>
                        {t("shell:save")}
                    </Button>
                </Stack>
            </form>
        </Section>
    );
}

/* Its keys are destroyed before the answer; so its name has to be typed. */
function Erase({ tenant, close }: { tenant: Tenant; close: () => void }) {
    const { t } = useTranslation("tenants");
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");

    const erase = async (event: FormEvent) => {
        event.preventDefault();
        const params = { path: { tenant: tenant.id }, query: { confirm: name } };
        if (await act(() => done(api.DELETE("/v1/tenants/{tenant}", { params })), { again: ["tenants"] })) close();
    };
    return (
        <Modal opened onClose={close} title={t("erase.title")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            <form onSubmit={(event) => void erase(event)}>
                <Stack>
                    <Text>{t("erase.words")}</Text>
                    <TextInput label={t("erase.type", { name: tenant.name })} autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
                    <Group justify="flex-end">
                        <Button variant="default" onClick={close}>
                            {t("shell:cancel")}
                        </Button>
                        <Button type="submit" color="red" disabled={name !== tenant.name} loading={isBusy}>
                            {t("erase.deed")}
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Modal>
    );
}

function Deletion({ tenant }: { tenant: Tenant }) {
    const { t } = useTranslation("tenants");
    const deletion = tenant.deletion;

    if (!deletion) return null;
    return (
        <Stack gap={4} role="status">
            <Text>{t("deletion", { deleted: deletion.deleted, rows: deletion.rows ?? "?" })}</Text>
            <Progress color="red" value={deletion.rows ? (100 * deletion.deleted) / deletion.rows : 0} aria-label={t("state.deleting")} />
        </Stack>
    );
}

function Shown({ tenant }: { tenant: Tenant }) {
    const { t } = useTranslation("tenants");
    const { full } = useTime();
    const { act, isBusy } = useAct();
    const [asked, ask] = useState<"nothing" | "suspend" | "erase">("nothing");
    const params = { path: { tenant: tenant.id } };
    const close = () => ask("nothing");
    const isGoing = tenant.state === "deleting";

    const turn = (state: "active" | "suspended") => act(() => done(api.PATCH("/v1/tenants/{tenant}", { params, body: { state } })), { again: ["tenants"] }).then(close);
    const renew = () => act(() => done(api.POST("/v1/tenants/{tenant}/company-code", { params })), { again: ["tenants"] });
    return (
        <Page
            title={(tenant.title ?? tenant.name).slice(0, 80)}
            lead={t(`state.${tenant.state}`)}
            actions={
                !isGoing &&
                !tenant.of_operators && (
                    <>
                        {tenant.state === "active" ? (
                            <Button variant="default" onClick={() => ask("suspend")}>
                                {t("suspend.deed")}
                            </Button>
                        ) : (
                            <Button loading={isBusy} onClick={() => void turn("active")}>
                                {t("resume")}
                            </Button>
                        )}
                        <Button variant="default" onClick={() => ask("erase")}>
                            {t("erase.deed")}
                        </Button>
                    </>
                )
            }
        >
            <Deletion tenant={tenant} />
            <Section title={t("about")}>
                <Facts
                    of={[
                        [t("name"), tenant.name],
                        [t("code"), <Copied key="code" value={tenant.company_code} label={t("code")} />],
                        [t("domains"), tenant.domains.join(", ") || t("shell:none")],
                        [t("since"), full(tenant.created)],
                    ]}
                />
                {!isGoing && (
                    <Button size="compact-sm" variant="default" style={{ alignSelf: "flex-start" }} loading={isBusy} onClick={() => void renew()}>
                        {t("newCode")}
                    </Button>
                )}
            </Section>
            <Use tenant={tenant} />
            {!isGoing && <Limits tenant={tenant} />}
            <Confirm opened={asked === "suspend"} title={t("suspend.title")} words={t("suspend.words")} deed={t("suspend.deed")} busy={isBusy} close={close} confirm={() => void turn("suspended")} />
            {asked === "erase" && <Erase tenant={tenant} close={close} />}
        </Page>
    );
}

export default function TenantPage() {
    const { t } = useTranslation("tenants");
    const { tenant: id } = useParams<{ tenant: string }>();
    const tenant = useQuery({
        queryKey: ["tenants", "one", id],
        queryFn: () => done(api.GET("/v1/tenants/{tenant}", { params: { path: { tenant: id } } })),
        refetchInterval: (query) => (query.state.data?.state === "deleting" ? LOOK_AGAIN_MS : false),
    });

    return (
        <Stack>
            <Back to="/admin/tenants" words={t("back")} />
            <Loaded query={tenant}>{(found) => <Shown key={found.id} tenant={found} />}</Loaded>
        </Stack>
    );
}
