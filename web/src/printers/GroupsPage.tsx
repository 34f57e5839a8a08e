// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Accordion, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Empty } from "../parts/Empty";
import { called } from "../parts/everything";
import { Back } from "../parts/Back";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { PrinterPick } from "../parts/Pick";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";

type PrinterGroup = Schemas["PrinterGroup"];

const AGAIN = ["printer-groups"];

function Members({ group, mayChange }: { group: PrinterGroup; mayChange: boolean }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [printer, setPrinter] = useState<string | null>(null);
    const path = { printer_group: group.id };
    const members = usePaged(["printer-groups", group.id, "printers"], (after) =>
        done(api.GET("/v1/printer-groups/{printer_group}/printers", { params: { path, query: after ? { after } : {} } })),
    );
    const put = async () => {
        const one = { ...path, printer: printer! };
        if (await act(() => done(api.PUT("/v1/printer-groups/{printer_group}/printers/{printer}", { params: { path: one } })), { again: AGAIN })) setPrinter(null);
    };
    const take = (id: string) => act(() => done(api.DELETE("/v1/printer-groups/{printer_group}/printers/{printer}", { params: { path: { ...path, printer: id } } })), { again: AGAIN });

    return (
        <Stack>
            <Loaded query={members.query}>
                {() => (
                    <Stack component="ul" gap={4} p={0} m={0} style={{ listStyle: "none" }}>
                        {members.items?.map((one) => (
                            <Group key={one.id} component="li" justify="space-between">
                                <Name of={called(one)} size="sm" />
                                {mayChange && (
                                    <Button size="compact-xs" variant="subtle" aria-label={t("groups.takeNamed", { name: called(one) })} onClick={() => void take(one.id)}>
                                        {t("groups.take")}
                                    </Button>
                                )}
                            </Group>
                        ))}
                    </Stack>
                )}
            </Loaded>
            <More of={members} />
            {mayChange && (
                <Group align="flex-end">
                    <PrinterPick label={t("groups.put")} value={printer} onChange={setPrinter} />
                    <Button variant="default" disabled={!printer} loading={isBusy} onClick={() => void put()}>
                        {t("shell:add")}
                    </Button>
                </Group>
            )}
        </Stack>
    );
}

function Change({ group }: { group: PrinterGroup }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [name, setName] = useState(group.name);
    const [isAsked, setAsked] = useState(false);
    const path = { printer_group: group.id };

    return (
        <Group align="flex-end">
            <TextInput label={t("groups.name")} value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} />
            <Button
                variant="default"
                disabled={!name.trim() || name === group.name}
                loading={isBusy}
                onClick={() => void act(() => done(api.PATCH("/v1/printer-groups/{printer_group}", { params: { path }, body: { name: name.trim() } })), { again: AGAIN })}
            >
                {t("groups.rename")}
            </Button>
            <Button variant="default" onClick={() => setAsked(true)}>
                {t("shell:delete")}
            </Button>
            <Confirm
                opened={isAsked}
                title={t("groups.deleteTitle")}
                words={t("groups.deleteWords")}
                deed={t("shell:delete")}
                busy={isBusy}
                close={() => setAsked(false)}
                confirm={() => void act(() => done(api.DELETE("/v1/printer-groups/{printer_group}", { params: { path } })), { again: [...AGAIN, "policies"] })}
            />
        </Group>
    );
}

function Add() {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");

    async function add(event: FormEvent) {
        event.preventDefault();
        if (await act(() => done(api.POST("/v1/printer-groups", { body: { name: name.trim() } })), { again: AGAIN })) setName("");
    }

    return (
        <form onSubmit={(event) => void add(event)}>
            <Group align="flex-end">
                <TextInput label={t("groups.new")} required value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} />
                <Button type="submit" loading={isBusy}>
                    {t("shell:add")}
                </Button>
            </Group>
        </form>
    );
}

/* Printers that are spoken of together, in policies above all. */
export default function GroupsPage() {
    const { t } = useTranslation("printers");
    const { person } = useMe();
    const mayChange = person.role === "administrator";
    const groups = usePaged(["printer-groups", "list"], (after) => done(api.GET("/v1/printer-groups", { params: { query: after ? { after } : {} } })));

    return (
        <Page title={t("groups.title")} back={<Back to="/admin/printers" words={t("title")} />} lead={t("groups.lead")}>
            {mayChange && <Add />}
            <Loaded query={groups.query}>
                {() =>
                    groups.items?.length ? (
                        <Accordion variant="contained" order={2}>
                            {groups.items.map((group) => (
                                <Accordion.Item key={group.id} value={group.id}>
                                    <Accordion.Control>
                                        <Group gap="xs">
                                            <Name of={group.name} />
                                            <Text size="sm" c="dimmed">
                                                {t("groups.count", { count: group.printers })}
                                            </Text>
                                        </Group>
                                    </Accordion.Control>
                                    <Accordion.Panel>
                                        <Stack>
                                            <Members group={group} mayChange={mayChange} />
                                            {mayChange && <Change key={group.name} group={group} />}
                                        </Stack>
                                    </Accordion.Panel>
                                </Accordion.Item>
                            ))}
                        </Accordion>
                    ) : (
                        <Empty words={t("groups.none")} />
                    )
                }
            </Loaded>
            <More of={groups} />
        </Page>
    );
}
