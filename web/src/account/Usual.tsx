// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Options } from "../jobs/Options";
import type { Ticket } from "../jobs/ticket";
import { Loaded } from "../parts/Loaded";
import { Section } from "./Section";
import { useDeed } from "./useDeed";

const ME = { path: { person: "me" } };

/* How I print where I say nothing else. */
export function Usual() {
    const { t } = useTranslation("account");
    const [changed, setChanged] = useState<Ticket | null>(null);
    const ticket = useQuery({ queryKey: ["tickets", "mine"], queryFn: () => done(api.GET("/v1/people/{person}/ticket", { params: ME })) });
    const save = useDeed(["tickets"], (body: Ticket) => done(api.PUT("/v1/people/{person}/ticket", { params: ME, body })));

    return (
        <Section title={t("usual.title")} lead={t("usual.lead")}>
            <Loaded query={ticket}>
                {(found) => (
                    <>
                        <Options ticket={changed ?? found} change={setChanged} hasPages={false} />
                        <Group>
                            <Button
                                variant="default"
                                disabled={!changed}
                                loading={save.isPending}
                                onClick={() => save.mutate(changed!, { onSuccess: () => setChanged(null) })}
                            >
                                {t("shell:save")}
                            </Button>
                            <Text role="status" size="sm">
                                {save.isSuccess && !changed ? t("done") : ""}
                            </Text>
                        </Group>
                    </>
                )}
            </Loaded>
        </Section>
    );
}
