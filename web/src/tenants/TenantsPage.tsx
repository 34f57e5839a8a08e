// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Anchor, Badge, Button, Modal, Stack, Table, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Made = Schemas["NewTenant"];

function Told({ made, close }: { made: Made; close: () => void }) {
    const { t } = useTranslation("tenants");

    return (
        <Stack>
            <Alert color="blue">{t("shell:shownOnce")}</Alert>
            <Facts
                of={[
                    [t("code"), <Copied key="code" value={made.tenant.company_code} label={t("code")} />],
                    [t("administrator"), <Name key="email" of={made.administrator.email} />],
                    [t("password"), <Copied key="password" value={made.administrator.password} label={t("password")} />],
                ]}
            />
            <Button onClick={close} style={{ alignSelf: "flex-end" }}>
                {t("shell:close")}
            </Button>
        </Stack>
    );
}

function Add({ close }: { close: () => void }) {
    const { t } = useTranslation("tenants");
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");
    const [title, setTitle] = useState("");
    const [domain, setDomain] = useState("");
    const [email, setEmail] = useState("");
    const [made, setMade] = useState<Made | null>(null);

    const add = async (event: FormEvent) => {
        event.preventDefault();
        const body = { name: name.trim(), administrator: { email: email.trim() }, ...(title.trim() && { title: title.trim() }), ...(domain.trim() && { domain: domain.trim() }) };
        const answer = await act(() => done(api.POST("/v1/tenants", { body })), { again: ["tenants"] });
        if (answer) setMade(answer.came);
    };
    return (
        <Modal opened onClose={close} title={t("add")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            {made ? (
                <Told made={made} close={close} />
            ) : (
                <form onSubmit={(event) => void add(event)}>
                    <Stack>
                        <TextInput label={t("name")} description={t("nameHint")} required maxLength={63} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
                        <TextInput label={t("titleOf")} maxLength={250} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
                        <TextInput label={t("domain")} description={t("domainHint")} maxLength={254} value={domain} onChange={(event) => setDomain(event.currentTarget.value)} />
                        <TextInput label={t("administrator")} type="email" required maxLength={254} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
                        <Button type="submit" loading={isBusy} style={{ alignSelf: "flex-end" }}>
                            {t("add")}
                        </Button>
                    </Stack>
                </form>
            )}
        </Modal>
    );
}

export default function TenantsPage() {
    const { t } = useTranslation("tenants");
    const { full } = useTime();
    const [isAdding, setAdding] = useState(false);
    const tenants = usePaged(["tenants", "list"], (after) => done(api.GET("/v1/tenants", { params: { query: after ? { after } : {} } })));

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Button onClick={() => setAdding(true)}>{t("add")}</Button>}>
            <Loaded query={tenants.query}>
                {() => (
                    <Table.ScrollContainer minWidth={480}>
                        <Table verticalSpacing="xs" highlightOnHover>
                            <Table.Thead>
                                <Table.Tr>
                                    <Table.Th>{t("titleOf")}</Table.Th>
                                    <Table.Th>{t("name")}</Table.Th>
                                    <Table.Th>{t("state.title")}</Table.Th>
                                    <Table.Th>{t("since")}</Table.Th>
                                </Table.Tr>
                            </Table.Thead>
                            <Table.Tbody>
                                {tenants.items?.map((tenant) => (
                                    <Table.Tr key={tenant.id}>
                                        <Table.Td>
                                            <Anchor component={Link} href={`/admin/tenants/${tenant.id}`}>
                                                <Name of={tenant.title ?? tenant.name} size="sm" />
                                            </Anchor>
                                        </Table.Td>
                                        <Table.Td>{tenant.name}</Table.Td>
                                        <Table.Td>
                                            <Badge tt="none" variant="light" color={tenant.state === "active" ? "ink" : "red"}>
                                                {t(`state.${tenant.state}`)}
                                            </Badge>
                                        </Table.Td>
                                        <Table.Td>{full(tenant.created)}</Table.Td>
                                    </Table.Tr>
                                ))}
                            </Table.Tbody>
                        </Table>
                    </Table.ScrollContainer>
                )}
            </Loaded>
            <More of={tenants} />
            {isAdding && <Add close={() => setAdding(false)} />}
        </Page>
    );
}
