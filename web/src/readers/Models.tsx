// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, NumberInput, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";

type Model = Schemas["ReaderModels"]["models"][number];

/* Those that this place says, and no others: the rest have what stands above them. */
function said(before: Model[], after: Model[]) {
    return after
        .filter((model, i) => model.set_here || model.enabled !== before[i]!.enabled || model.port !== before[i]!.port)
        .map(({ model, enabled, port }) => ({ model, enabled, port }));
}

function Form({ agent, kept }: { agent: string | undefined; kept: Model[] }) {
    const { t } = useTranslation("readers");
    const { act, isBusy } = useAct();
    const [models, setModels] = useState(kept);
    const set = (name: string, change: Partial<Model>) => setModels((all) => all.map((one) => (one.model === name ? { ...one, ...change } : one)));

    function save(event: FormEvent) {
        event.preventDefault();
        const body = { models: said(kept, models) };
        const put = () =>
            agent
                ? done(api.PUT("/v1/agents/{agent}/reader-models", { params: { path: { agent } }, body }))
                : done(api.PUT("/v1/reader-models", { body }));
        void act(put, { again: ["reader-models", "agents"], said: t("shell:saved") });
    }

    return (
        <form onSubmit={save}>
            <Stack gap="sm">
                {models.map(({ model, enabled, port }) => (
                    <Group key={model} align="flex-end">
                        <Switch label={t(`model.${model}`)} checked={enabled} w="16rem" mb={8} onChange={(event) => set(model, { enabled: event.currentTarget.checked })} />
                        <NumberInput
                            label={t("models.port", { model: t(`model.${model}`) })}
                            placeholder={t("models.usual")}
                            min={1}
                            max={65535}
                            w="10rem"
                            disabled={!enabled}
                            value={port ?? ""}
                            onChange={(value) => set(model, { port: value === "" ? null : Number(value) })}
                        />
                    </Group>
                ))}
                <Group>
                    <Button type="submit" variant="default" loading={isBusy}>
                        {t("shell:save")}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}

/* Which models agents listen for, and where; of one agent, in place of what everybody has. */
export function Models({ agent }: { agent?: string }) {
    const { t } = useTranslation("readers");
    const models = useQuery({
        queryKey: ["reader-models", agent ?? "tenant"],
        queryFn: () =>
            agent ? done(api.GET("/v1/agents/{agent}/reader-models", { params: { path: { agent } } })) : done(api.GET("/v1/reader-models")),
    });

    return (
        <Section title={t("models.title")} lead={t(agent ? "models.leadAgent" : "models.lead")}>
            <Loaded query={models}>{(found) => <Form agent={agent} kept={found.models} />}</Loaded>
        </Section>
    );
}
