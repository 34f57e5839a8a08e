// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Group, NumberInput, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Kept } from "../parts/Kept";

type Model = Schemas["ReaderModels"]["models"][number];

/* Those that this place says, and no others: the rest have what stands above them. */
function said(before: Model[], after: Model[]) {
    return after
        .filter((model, i) => model.set_here || model.enabled !== before[i]!.enabled || model.port !== before[i]!.port)
        .map(({ model, enabled, port }) => ({ model, enabled, port }));
}

/* Which models agents listen for, and where; of one agent, in place of what everybody has. */
export function Models({ agent }: { agent?: string }) {
    const { t } = useTranslation("readers");

    async function read() {
        const { models } = await (agent ? done(api.GET("/v1/agents/{agent}/reader-models", { params: { path: { agent } } })) : done(api.GET("/v1/reader-models")));
        return { kept: models, models };
    }

    function write({ kept, models }: { kept: Model[]; models: Model[] }) {
        const body = { models: said(kept, models) };
        return agent ? done(api.PUT("/v1/agents/{agent}/reader-models", { params: { path: { agent } }, body })) : done(api.PUT("/v1/reader-models", { body }));
    }

    return (
        <Kept title={t("models.title")} lead={t(agent ? "models.leadAgent" : "models.lead")} of={["reader-models", agent ?? "tenant"]} read={read} write={write} again={["agents"]}>
            {({ models }, set) => {
                const change = (name: string, some: Partial<Model>) => set({ models: models.map((one) => (one.model === name ? { ...one, ...some } : one)) });
                return models.map(({ model, enabled, port }) => (
                    <Group key={model}>
                        <Switch label={t(`model.${model}`)} checked={enabled} w="16rem" onChange={(event) => change(model, { enabled: event.currentTarget.checked })} />
                        <NumberInput
                            aria-label={t("models.port", { model: t(`model.${model}`) })}
                            placeholder={t("models.usual")}
                            min={1}
                            max={65535}
                            w="13rem"
                            disabled={!enabled}
                            value={port ?? ""}
                            onChange={(value) => change(model, { port: value === "" ? null : Number(value) })}
                        />
                    </Group>
                ));
            }}
        </Kept>
    );
}
