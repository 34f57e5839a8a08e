// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Fieldset, Group, NativeSelect, NumberInput, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { useComplain } from "../parts/complaint";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";

type Settings = Schemas["ReportSettings"];
type Tenant = Schemas["Tenant"];

const HOUR = 3600;
const DAY = 24 * HOUR;
const THOUSANDTHS = 1000;

/* Saves, says so, and has what is shown read anew. */
function useSaving<T>(key: string, save: (change: T) => Promise<unknown>) {
    const { t } = useTranslation("retention");
    const client = useQueryClient();
    const complain = useComplain();

    return useMutation({
        mutationFn: save,
        onSuccess: () => {
            notifications.show({ message: t("saved"), color: "green" });
            return client.invalidateQueries({ queryKey: [key] });
        },
        onError: complain,
    });
}

function Documents({ tenant }: { tenant: Tenant }) {
    const { t } = useTranslation("retention");
    const [hours, setHours] = useState<number | string>(Math.round(tenant.held_for / HOUR));
    const [printed, setPrinted] = useState(String(tenant.printed_for));
    const saving = useSaving("tenant", (change: { held_for: number; printed_for: number }) => done(api.PATCH("/v1/tenant", { body: change })));
    const known = [0, DAY, 7 * DAY];

    return (
        <form
            onSubmit={(event) => {
                event.preventDefault();
                saving.mutate({ held_for: Number(hours) * HOUR, printed_for: Number(printed) });
            }}
        >
            <Fieldset legend={t("documents")}>
                <Stack align="flex-start">
                    <NumberInput label={t("held")} description={t("heldHint")} value={hours} onChange={setHours} min={1} max={366 * 24} allowDecimal={false} required />
                    <NativeSelect
                        label={t("printed")}
                        description={t("printedHint")}
                        value={printed}
                        onChange={(event) => setPrinted(event.currentTarget.value)}
                        data={[...new Set([...known, tenant.printed_for])].map((seconds) => ({
                            value: String(seconds),
                            label: seconds ? t("days", { count: Math.max(1, Math.round(seconds / DAY)) }) : t("notAtAll"),
                        }))}
                    />
                    <Button type="submit" loading={saving.isPending}>
                        {t("shell:save")}
                    </Button>
                </Stack>
            </Fieldset>
        </form>
    );
}

function Prices({ settings, change }: { settings: Settings; change: (change: Partial<Settings>) => void }) {
    const { t } = useTranslation("retention");
    const names = ["price_grey", "price_colour", "price_sheet"] as const;

    return (
        <Group align="flex-end">
            <TextInput
                label={t("currency")}
                description={t("currencyHint")}
                value={settings.currency ?? ""}
                onChange={(event) => change({ currency: event.currentTarget.value.toUpperCase() || null })}
                maxLength={3}
                pattern="[A-Z]{3}"
            />
            {settings.currency &&
                names.map((name) => (
                    <NumberInput
                        key={name}
                        label={t(name)}
                        value={settings[name] / THOUSANDTHS}
                        onChange={(value) => change({ [name]: Math.round(Number(value) * THOUSANDTHS) })}
                        min={0}
                        max={1000}
                        step={0.01}
                        decimalScale={3}
                    />
                ))}
        </Group>
    );
}

function Reports({ found }: { found: Settings }) {
    const { t } = useTranslation("retention");
    const [settings, setSettings] = useState(found);
    const change = (some: Partial<Settings>) => setSettings((before) => ({ ...before, ...some }));
    const saving = useSaving("report-settings", (wanted: Settings) => done(api.PATCH("/v1/reports/settings", { body: wanted })));

    return (
        <form
            onSubmit={(event) => {
                event.preventDefault();
                saving.mutate(settings);
            }}
        >
            <Fieldset legend={t("reports")}>
                <Stack align="flex-start">
                    <Switch label={t("names")} description={t("namesHint")} checked={settings.names} onChange={(event) => change({ names: event.currentTarget.checked })} />
                    <NumberInput label={t("jobDays")} description={t("jobDaysHint")} value={settings.job_days} onChange={(value) => change({ job_days: Number(value) })} min={0} max={366} allowDecimal={false} />
                    <NumberInput label={t("totalDays")} description={t("totalDaysHint")} value={settings.total_days} onChange={(value) => change({ total_days: Number(value) })} min={Math.max(1, settings.job_days)} max={366} allowDecimal={false} />
                    <TextInput label={t("timeZone")} description={t("timeZoneHint")} value={settings.time_zone} onChange={(event) => change({ time_zone: event.currentTarget.value })} list="time-zones" required />
                    <datalist id="time-zones">
                        {["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => (
                            <option key={zone} value={zone} />
                        ))}
                    </datalist>
                    <Prices settings={settings} change={change} />
                    <Button type="submit" loading={saving.isPending}>
                        {t("shell:save")}
                    </Button>
                </Stack>
            </Fieldset>
        </form>
    );
}

export default function RetentionPage() {
    const { t } = useTranslation("retention");
    const tenant = useQuery({ queryKey: ["tenant"], queryFn: () => done(api.GET("/v1/tenant")) });
    const settings = useQuery({ queryKey: ["report-settings"], queryFn: () => done(api.GET("/v1/reports/settings")) });

    return (
        <Page title={t("title")} lead={t("lead")} size="md">
            <Loaded query={tenant}>{(found) => <Documents tenant={found} />}</Loaded>
            <Loaded query={settings}>{(found) => <Reports found={found} />}</Loaded>
        </Page>
    );
}
