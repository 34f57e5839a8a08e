// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, NumberInput, Select, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";

type Rules = Schemas["SignInPolicy"];
const WHO = ["own", "administrators", "everybody"] as const;

function Shown({ rules }: { rules: Rules }) {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const [wanted, setWanted] = useState(rules);

    const save = async (event: FormEvent) => {
        event.preventDefault();
        await act(() => done(api.PATCH("/v1/tenant/sign-in", { body: wanted })), { again: ["sign-in"], said: t("shell:saved") });
    };
    return (
        <form onSubmit={(event) => void save(event)}>
            <Stack>
                <Select
                    label={t("policy.second")}
                    allowDeselect={false}
                    maw="26rem"
                    value={wanted.second_factor}
                    onChange={(value) => setWanted({ ...wanted, second_factor: value as Rules["second_factor"] })}
                    data={WHO.map((value) => ({ value, label: t(`policy.who.${value}`) }))}
                />
                <NumberInput
                    label={t("policy.least")}
                    description={t("policy.leastHint")}
                    min={8}
                    max={64}
                    maw="26rem"
                    value={wanted.password_least}
                    onChange={(value) => setWanted({ ...wanted, password_least: Number(value) })}
                />
                <Switch
                    label={t("policy.pin")}
                    description={t("policy.pinHint")}
                    checked={wanted.pin_for_web}
                    onChange={(event) => setWanted({ ...wanted, pin_for_web: event.currentTarget.checked })}
                />
                <Group>
                    <Button type="submit" loading={isBusy}>
                        {t("shell:save")}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}

/* What is asked of those who sign in. */
export function Policy() {
    const { t } = useTranslation("methods");
    const rules = useQuery({ queryKey: ["sign-in"], queryFn: () => done(api.GET("/v1/tenant/sign-in")) });

    return (
        <Section title={t("policy.title")}>
            <Loaded query={rules}>{(found) => <Shown rules={found} />}</Loaded>
        </Section>
    );
}
