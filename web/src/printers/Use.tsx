// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, MultiSelect, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { type Printer, useGroups } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Section } from "../parts/Section";
import { TicketDefaults } from "../parts/TicketDefaults";
import { useAct } from "../parts/useAct";
import { useMe } from "../shell/me";

type Needs = NonNullable<Schemas["PrinterAccounting"]["needs"]>;

function PeopleForm({ printer, chosen }: { printer: Printer; chosen: { id: string; name: string }[] }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const groups = useGroups();
    const [ids, setIds] = useState(chosen.map((group) => group.id));
    const all = [...chosen, ...(groups.data ?? []).filter((group) => !chosen.some((one) => one.id === group.id))];

    return (
        <Group align="flex-end">
            <MultiSelect
                label={t("people.groups")}
                placeholder={ids.length ? undefined : t("people.everybody")}
                searchable
                flex="1 1 16rem"
                data={all.map((group) => ({ value: group.id, label: group.name }))}
                value={ids}
                onChange={setIds}
            />
            <Button
                variant="default"
                loading={isBusy}
                onClick={() =>
                    void act(() => done(api.PUT("/v1/printers/{printer}/people", { params: { path: { printer: printer.id } }, body: { groups: ids } })), {
                        again: ["printers"],
                        said: t("shell:saved"),
                    })
                }
            >
                {t("shell:save")}
            </Button>
        </Group>
    );
}

function People({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const people = useQuery({
        queryKey: ["printers", printer.id, "people"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/people", { params: { path: { printer: printer.id } } })),
    });

    return (
        <Section title={t("people.title")} lead={t("people.lead")}>
            <Loaded query={people}>{({ groups }) => <PeopleForm printer={printer} chosen={groups} />}</Loaded>
        </Section>
    );
}

function AccountingForm({ printer, kept }: { printer: Printer; kept: Schemas["PrinterAccounting"] }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [form, setForm] = useState(kept);

    function save(event: FormEvent) {
        event.preventDefault();
        void act(() => done(api.PATCH("/v1/printers/{printer}/accounting", { params: { path: { printer: printer.id } }, body: form })), {
            again: ["printers"],
            said: t("shell:saved"),
        });
    }

    return (
        <form onSubmit={save}>
            <SimpleGrid cols={{ base: 1, sm: 3 }} mb="sm">
                <Select
                    label={t("accounting.needs")}
                    allowDeselect={false}
                    data={(["none", "account", "account-and-user"] as const).map((value) => ({ value, label: t(`accounting.${value}`) }))}
                    value={form.needs ?? "none"}
                    onChange={(needs) => setForm({ ...form, needs: needs as Needs })}
                />
                {(["account", "user"] as const).map((name) => (
                    <TextInput
                        key={name}
                        label={t(`accounting.default_${name}`)}
                        maxLength={255}
                        value={form[name] ?? ""}
                        onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value || null })}
                    />
                ))}
            </SimpleGrid>
            <Button type="submit" variant="default" loading={isBusy}>
                {t("shell:save")}
            </Button>
        </form>
    );
}

function Accounting({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const kept = useQuery({
        queryKey: ["printers", printer.id, "accounting"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/accounting", { params: { path: { printer: printer.id } } })),
    });

    return (
        <Section title={t("accounting.title")} lead={t("accounting.lead")}>
            <Loaded query={kept}>{(found) => <AccountingForm printer={printer} kept={found} />}</Loaded>
        </Section>
    );
}

/* Who may print there, how it usually comes out, who pays. Groups of people are for those who see them. */
export function Use({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const { person } = useMe();
    const path = { printer: printer.id };

    return (
        <Stack>
            {person.role === "administrator" && <People printer={printer} />}
            <TicketDefaults
                of={["printers", printer.id, "ticket"]}
                lead={t("ticketLead")}
                read={() => done(api.GET("/v1/printers/{printer}/ticket", { params: { path } }))}
                write={(body) => done(api.PUT("/v1/printers/{printer}/ticket", { params: { path }, body }))}
            />
            <Accounting printer={printer} />
        </Stack>
    );
}
