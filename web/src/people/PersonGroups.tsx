// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Pill, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";
import { type Person, useMayChange } from "./person";

function Add({ person, known }: { person: Person; known: readonly string[] }) {
    const { t } = useTranslation("people");
    const { act, isBusy } = useAct();
    const [group, setGroup] = useState<string | null>(null);
    const groups = useQuery({ queryKey: ["groups", "some"], queryFn: () => done(api.GET("/v1/groups", { params: { query: { limit: 200 } } })) });
    const others = (groups.data?.items ?? []).filter((one) => !known.includes(one.id));

    const add = async () => {
        if (!group) return;
        const path = { group, person: person.id };
        const went = await act(() => done(api.PUT("/v1/groups/{group}/members/{person}", { params: { path } })), { again: ["groups"] });
        if (went) setGroup(null);
    };

    return (
        <Group align="end">
            <Select
                label={t("groups.add")}
                searchable
                value={group}
                onChange={setGroup}
                data={others.map((one) => ({ value: one.id, label: one.name.slice(0, 100) }))}
                nothingFoundMessage={t("groups.noOther")}
                style={{ flex: "0 1 20rem" }}
            />
            <Button disabled={!group} loading={isBusy} onClick={() => void add()}>
                {t("shell:add")}
            </Button>
        </Group>
    );
}

/* What a directory or provider says is shown and left to it. */
export function PersonGroups({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { act } = useAct();
    const mayChange = useMayChange();
    const path = { person: person.id };
    const groups = useQuery({ queryKey: ["groups", "of", person.id], queryFn: () => done(api.GET("/v1/people/{person}/groups", { params: { path } })) });

    const leave = (group: string) =>
        act(() => done(api.DELETE("/v1/groups/{group}/members/{person}", { params: { path: { group, person: person.id } } })), { again: ["groups"] });
    return (
        <Section title={t("groups.title")}>
            <Loaded query={groups}>
                {(page) => (
                    <>
                        {page.items.length === 0 && <Text c="dimmed">{t("groups.none")}</Text>}
                        <Group gap="xs">
                            {page.items.map((one) => (
                                <Pill
                                    key={`${one.group} ${one.method}`}
                                    size="lg"
                                    maw="20rem"
                                    withRemoveButton={mayChange && !one.method}
                                    removeButtonProps={{ "aria-label": t("groups.leave", { name: one.name.slice(0, 100) }), tabIndex: 0, "aria-hidden": false }}
                                    onRemove={() => void leave(one.group)}
                                >
                                    <Name of={one.name} />
                                </Pill>
                            ))}
                        </Group>
                        {mayChange && <Add person={person} known={page.items.filter((one) => !one.method).map((one) => one.group)} />}
                    </>
                )}
            </Loaded>
        </Section>
    );
}
