// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Group, Paper, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Empty } from "../parts/Empty";
import { type Agent, names, useSites } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { Pick } from "../parts/Pick";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";
import { Code } from "./Code";
import { State } from "./State";

function Add({ close, made }: { close: () => void; made: (agent: Schemas["NewAgent"]) => void }) {
    const { t } = useTranslation("agents");
    const { person } = useMe();
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");
    const [site, setSite] = useState<string | null>(null);

    async function add() {
        const came = await act(() => done(api.POST("/v1/agents", { body: { name: name.trim(), ...(site ? { site } : {}) } })), { again: ["agents"] });

        if (came) made(came.came);
    }

    return (
        <Dialog title={t("add.title")} deed={t("add.deed")} busy={isBusy} close={close} submit={() => void add()}>
            <TextInput
                label={t("add.name")}
                description={t("add.nameHint")}
                required
                maxLength={63}
                pattern="[a-zA-Z0-9_][a-zA-Z0-9._\-]*"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                data-autofocus
            />
            <Pick label={t("site")} of={useSites().data} value={site} onChange={setSite} required={person.role === "site-administrator"} />
        </Dialog>
    );
}

function Row({ agent, site }: { agent: Agent; site: string }) {
    const words = [site, agent.health ? `imprimatur-agent ${agent.health.version}` : null].filter(Boolean).join(" · ");

    return (
        <Paper component="li" withBorder px="sm" py={8}>
            <Group justify="space-between" gap="xs">
                <div style={{ minWidth: 0, flex: "1 1 14rem" }}>
                    <Anchor component={Link} href={`/admin/agents/${agent.id}`} fw={600}>
                        <Name of={agent.name} inherit />
                    </Anchor>
                    <Name of={words} c="dimmed" size="sm" style={{ display: "-webkit-box" }} />
                </div>
                <State agent={agent} />
            </Group>
        </Paper>
    );
}

export default function AgentsPage() {
    const { t } = useTranslation("agents");
    const [isAdding, adding] = useDisclosure();
    const [made, setMade] = useState<Schemas["NewAgent"] | null>(null);
    const siteOf = names(useSites().data);
    const agents = usePaged(["agents", "list"], (after) => done(api.GET("/v1/agents", { params: { query: after ? { after } : {} } })));
    const add = <Button onClick={adding.open}>{t("add.title")}</Button>;

    return (
        <Page title={t("title")} lead={t("lead")} actions={add}>
            <Loaded query={agents.query}>
                {() =>
                    agents.items?.length ? (
                        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("title")}>
                            {agents.items.map((agent) => (
                                <Row key={agent.id} agent={agent} site={siteOf(agent.site)} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            <More of={agents} />
            {isAdding && (
                <Add
                    close={adding.close}
                    made={(agent) => {
                        adding.close();
                        setMade(agent);
                    }}
                />
            )}
            {made && <Code made={made} close={() => setMade(null)} />}
        </Page>
    );
}
