// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

function Domain({ domain }: { domain: Schemas["Domain"] }) {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const params = { path: { domain: domain.id } };

    const prove = () => act(() => done(api.POST("/v1/domains/{domain}/proof", { params })), { again: ["domains", "tenant"], said: t("domains.isProved") });
    const take = () => act(() => done(api.DELETE("/v1/domains/{domain}", { params })), { again: ["domains", "tenant"] });
    return (
        <Paper component="li" withBorder p="sm">
            <Stack gap="xs">
                <Group justify="space-between">
                    <Group gap="xs">
                        <Name of={domain.name} fw={600} />
                        <Badge tt="none" variant="light" color={domain.proved ? "ink" : "gray"}>
                            {t(domain.proved ? "domains.proved" : "domains.claimed")}
                        </Badge>
                    </Group>
                    <Group gap="xs">
                        {!domain.proved && (
                            <Button size="compact-sm" loading={isBusy} onClick={() => void prove()}>
                                {t("domains.prove")}
                            </Button>
                        )}
                        <Button size="compact-sm" variant="default" aria-label={t("domains.takeThis", { name: domain.name })} onClick={() => void take()}>
                            {t("domains.take")}
                        </Button>
                    </Group>
                </Group>
                {!domain.proved && (
                    <>
                        <Text size="sm">{t("domains.how")}</Text>
                        <Facts
                            of={[
                                [t("domains.host"), <Copied key="host" value={domain.proof.host} label={t("domains.host")} />],
                                ["TXT", <Copied key="txt" value={domain.proof.txt} label="TXT" />],
                            ]}
                        />
                    </>
                )}
            </Stack>
        </Paper>
    );
}

/* Whose addresses are the organisation's: they lead to its sign-in. */
export function Domains() {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");
    const domains = usePaged(["domains"], (after) => done(api.GET("/v1/domains", { params: { query: after ? { after } : {} } })));

    const add = async (event: FormEvent) => {
        event.preventDefault();
        if (await act(() => done(api.POST("/v1/domains", { body: { name: name.trim() } })), { again: ["domains"] })) setName("");
    };
    return (
        <Section title={t("domains.title")} lead={t("domains.lead")}>
            <Loaded query={domains.query}>
                {() => (
                    <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                        {domains.items?.map((domain) => (
                            <Domain key={domain.id} domain={domain} />
                        ))}
                    </Stack>
                )}
            </Loaded>
            <More of={domains} />
            <form onSubmit={(event) => void add(event)}>
                <Group align="end">
                    <TextInput
                        label={t("domains.new")}
                        placeholder="example.org"
                        required
                        maxLength={230}
                        value={name}
                        onChange={(event) => setName(event.currentTarget.value)}
                        style={{ flex: "0 1 22rem" }}
                    />
                    <Button type="submit" variant="default" loading={isBusy}>
                        {t("domains.claim")}
                    </Button>
                </Group>
            </form>
        </Section>
    );
}
