// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useParams } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Back } from "../parts/Back";
import { Confirm } from "../parts/Confirm";
import { type Agent, useSites } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { Pick } from "../parts/Pick";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { Models } from "../readers/Models";
import { Code } from "./Code";
import { Doors } from "./Doors";
import { Health } from "./Health";
import { State } from "./State";

const FEATURES = ["readers", "discovery", "ipp", "lpd", "offline", "directory"] as const;

function Features({ agent }: { agent: Agent }) {
    const { t } = useTranslation("agents");
    const { act } = useAct();
    const sites = useSites();
    const change = (body: NonNullable<Parameters<typeof patch>[0]>) => act(() => patch(body), { again: ["agents", "sites"] });
    const patch = (body: { site?: string | null; features?: Partial<Schemas["AgentFeatures"]> }) =>
        done(api.PATCH("/v1/agents/{agent}", { params: { path: { agent: agent.id } }, body }));

    return (
        <Section title={t("features.title")} lead={t("features.lead")}>
            <Stack gap="sm">
                {FEATURES.map((name) => (
                    <Switch
                        key={name}
                        label={t(`features.${name}`)}
                        description={t(`features.${name}Hint`)}
                        checked={agent.features[name]}
                        onChange={(event) => void change({ features: { [name]: event.currentTarget.checked } })}
                    />
                ))}
                <Pick label={t("site")} maw="20rem" of={sites.data} value={agent.site} onChange={(site) => void change({ site })} />
            </Stack>
        </Section>
    );
}

function Actions({ agent }: { agent: Agent }) {
    const { t } = useTranslation("agents");
    const [, go] = useLocation();
    const { act, isBusy } = useAct();
    const [asked, setAsked] = useState<"delete" | "code" | null>(null);
    const [made, setMade] = useState<Schemas["NewAgent"] | null>(null);
    const path = { agent: agent.id };

    async function makeCode() {
        const came = await act(() => done(api.POST("/v1/agents/{agent}/code", { params: { path } })), { again: ["agents"] });

        setAsked(null);
        if (came) setMade(came.came);
    }

    async function remove() {
        if (await act(() => done(api.DELETE("/v1/agents/{agent}", { params: { path } })), { again: ["agents", "readers", "printers"] })) go("/admin/agents");
        else setAsked(null);
    }

    return (
        <>
            <Button variant="default" onClick={() => (agent.enrolled ? setAsked("code") : void makeCode())}>
                {t("newCode.title")}
            </Button>
            <Button variant="default" onClick={() => setAsked("delete")}>
                {t("shell:delete")}
            </Button>
            <Confirm
                opened={asked === "code"}
                title={t("newCode.title")}
                words={t("newCode.words")}
                deed={t("newCode.deed")}
                busy={isBusy}
                close={() => setAsked(null)}
                confirm={() => void makeCode()}
            />
            <Confirm
                opened={asked === "delete"}
                title={t("delete.title")}
                words={t("delete.words")}
                deed={t("shell:delete")}
                busy={isBusy}
                close={() => setAsked(null)}
                confirm={() => void remove()}
            />
            {made && <Code made={made} close={() => setMade(null)} />}
        </>
    );
}

function Trouble({ agent }: { agent: Agent }) {
    const { t } = useTranslation("agents");
    const { ago } = useTime();

    return (
        <>
            {!agent.enrolled && <Notice kind="plain" title={t("waiting.title")}>{t("waiting.words")}</Notice>}
            {agent.enrolled && !agent.connected && (
                <Notice kind="bad" title={t("away.title", { when: agent.seen ? ago(agent.seen) : t("shell:never") })}>
                    {t("away.words")}
                </Notice>
            )}
            {agent.cloned && (
                <Notice kind="bad" title={t("cloned.title")}>
                    {t("cloned.words", { when: ago(agent.cloned) })}
                </Notice>
            )}
        </>
    );
}

export default function AgentPage() {
    const { t } = useTranslation("agents");
    const { agent: id } = useParams<{ agent: string }>();
    const found = useQuery({
        queryKey: ["agents", id],
        queryFn: () => done(api.GET("/v1/agents/{agent}", { params: { path: { agent: id } } })),
    });
    const agent = found.data;

    return (
        <Page
            title={agent?.name ?? t("agent")}
            back={<Back to="/admin/agents" words={t("title")} />}
            actions={agent && <Actions agent={agent} />}
        >
            <Loaded query={found}>
                {(one) => (
                    <Stack>
                        <State agent={one} />
                        <Trouble agent={one} />
                        {one.health ? <Health agent={one} health={one.health} /> : <Text size="sm">{t("noHealth")}</Text>}
                        <Features agent={one} />
                        <Doors agent={one.id} />
                        <Models agent={one.id} />
                    </Stack>
                )}
            </Loaded>
        </Page>
    );
}
