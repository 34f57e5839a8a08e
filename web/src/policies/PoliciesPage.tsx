// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Listing } from "../parts/Listing";
import { Name } from "../parts/Name";
import { TicketDefaults } from "../parts/TicketDefaults";
import { usePaged } from "../parts/usePaged";
import { PolicyDialog } from "./PolicyDialog";
import { useSentence } from "./sentence";
import { Trial } from "./Trial";

type Policy = Schemas["Policy"];

function Row({ of }: { of: Policy }) {
    const { t } = useTranslation("policies");
    const sentence = useSentence();

    return (
        <>
            <Name of={sentence(of)} fw={600} lines={4} />
            <Text size="sm" c="dimmed" lineClamp={2} title={of.title}>
                {t("toldAs")} <bdi>{of.title}</bdi>
            </Text>
        </>
    );
}

export default function PoliciesPage() {
    const { t } = useTranslation("policies");
    const policies = usePaged(["policies", "list"], (after) => done(api.GET("/v1/policies", { params: { query: after ? { after } : {} } })));

    return (
        <Listing
            words={t}
            of={policies}
            name={(policy) => policy.title}
            Row={Row}
            Dialog={PolicyDialog}
            remove={(policy) => done(api.DELETE("/v1/policies/{policy}", { params: { path: { policy: policy.id } } }))}
            again={["policies"]}
        >
            <Trial />
            <TicketDefaults
                of={["tenant", "ticket"]}
                lead={t("ticketLead")}
                read={() => done(api.GET("/v1/tenant/ticket"))}
                write={(body) => done(api.PUT("/v1/tenant/ticket", { body }))}
            />
        </Listing>
    );
}
