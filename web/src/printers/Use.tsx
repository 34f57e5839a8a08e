// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, MultiSelect, SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { type Printer, useGroups } from "../parts/everything";
import { Kept } from "../parts/Kept";
import { Loaded } from "../parts/Loaded";
import { Section } from "../parts/Section";
import { TicketDefaults } from "../parts/TicketDefaults";
import { useAct } from "../parts/useAct";
import { WhoPaysNeeds, WhoPaysUsual } from "../parts/WhoPays";
import { useMe } from "../shell/me";

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

function Accounting({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const params = { path: { printer: printer.id } };

    return (
        <Kept
            title={t("accounting.title")}
            lead={t("accounting.lead")}
            of={["printers", printer.id, "accounting"]}
            read={() => done(api.GET("/v1/printers/{printer}/accounting", { params }))}
            write={(body) => done(api.PATCH("/v1/printers/{printer}/accounting", { params, body }))}
        >
            {(form, set) => (
                <SimpleGrid cols={{ base: 1, sm: 3 }}>
                    <WhoPaysNeeds value={form.needs} choose={(needs) => set({ needs })} />
                    <WhoPaysUsual of={form} set={set} />
                </SimpleGrid>
            )}
        </Kept>
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
