// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { called, names, useAgents } from "../parts/everything";
import { Listing } from "../parts/Listing";
import { Name } from "../parts/Name";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";
import { Models } from "./Models";
import { ReaderDialog } from "./ReaderDialog";

type Reader = Schemas["Reader"];

function PrinterName({ id }: { id: string }) {
    const printer = useQuery({
        queryKey: ["printers", id],
        queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: id } } })),
    });

    return <Name of={printer.data ? called(printer.data) : ""} inherit />;
}

function Row({ of }: { of: Reader }) {
    const { t } = useTranslation("readers");
    const agentOf = names(useAgents().data);
    const way = of.dial ? t("dials", { address: of.address, port: of.dial }) : of.address ? t("from", { address: of.address }) : t("anyAddress");

    return (
        <>
            <Text fw={600} component="div">
                <PrinterName id={of.printer} />
            </Text>
            <Text size="sm" c="dimmed">
                {[of.name, t(`model.${of.model}`), agentOf(of.agent), way].join(" · ")}
            </Text>
            <Text size="sm">{[t(`selection.${of.selection}`), of.pin ? t("withPin") : null].filter(Boolean).join(" · ")}</Text>
        </>
    );
}

export default function ReadersPage() {
    const { t } = useTranslation("readers");
    const { person } = useMe();
    const readers = usePaged(["readers", "list"], (after) => done(api.GET("/v1/readers", { params: { query: after ? { after } : {} } })));

    return (
        <Listing
            words={t}
            of={readers}
            name={(reader) => reader.name}
            Row={Row}
            Dialog={ReaderDialog}
            remove={(reader) => done(api.DELETE("/v1/readers/{reader}", { params: { path: { reader: reader.id } } }))}
            again={["readers"]}
        >
            {person.role === "administrator" && <Models />}
        </Listing>
    );
}
