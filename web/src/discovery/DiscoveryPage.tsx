// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { Empty } from "../parts/Empty";
import { useAgents } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { Pick } from "../parts/Pick";
import { Found } from "./Found";
import { Plan } from "./Plan";
import { Runs } from "./Runs";

/* Printers are found by an agent in its own network; what it finds becomes a printer when somebody says so. */
export default function DiscoveryPage() {
    const { t } = useTranslation("discovery");
    const agents = useAgents();
    const [chosen, setChosen] = useState<string | null>(null);
    const [which, setWhich] = useState<"new" | "known">("new");
    const agent = agents.data?.find((one) => one.id === chosen) ?? agents.data?.find((one) => one.connected) ?? agents.data?.[0];

    return (
        <Page title={t("title")} lead={t("lead")}>
            <Loaded query={agents}>
                {() =>
                    agent ? (
                        <Stack>
                            {agents.data!.length > 1 && <Pick label={t("agent")} required maw="20rem" of={agents.data} value={agent.id} onChange={setChosen} />}
                            <Runs key={`runs ${agent.id}`} agent={agent} />
                            <SegmentedControl
                                value={which}
                                onChange={(value) => setWhich(value as "new" | "known")}
                                data={[
                                    { value: "new", label: t("which.new") },
                                    { value: "known", label: t("which.known") },
                                ]}
                                style={{ alignSelf: "flex-start" }}
                                aria-label={t("which.title")}
                            />
                            <Found which={which} />
                            <Plan key={`plan ${agent.id}`} agent={agent.id} />
                        </Stack>
                    ) : (
                        <Empty words={t("noAgent")} hint={t("noAgentHint")}>
                            <Button component={Link} href="/admin/agents">
                                {t("toAgents")}
                            </Button>
                        </Empty>
                    )
                }
            </Loaded>
        </Page>
    );
}
