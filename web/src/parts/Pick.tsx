// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { called } from "./everything";

interface Thing {
    id: string;
    name: string;
    title?: string | null;
}

type Props = Omit<SelectProps, "data" | "value" | "onChange"> & { value: string | null; onChange: (id: string | null) => void };

/* One of few. */
export function Pick({ of, ...rest }: Props & { of: readonly Thing[] | undefined }) {
    const { t } = useTranslation("things");

    return (
        <Select
            searchable
            clearable={!rest.required}
            data={of?.map((thing) => ({ value: thing.id, label: called(thing) })) ?? []}
            nothingFoundMessage={t("pick.none")}
            comboboxProps={{ withinPortal: true }}
            {...rest}
        />
    );
}

const WAIT_MS = 250;
const SHOWN = 20;

/* One of many: those that the words typed are in. Those that somebody may change, unless all is said. */
export function PrinterPick({ value, onChange, all = false, ...rest }: Props & { all?: boolean }) {
    const { t } = useTranslation("things");
    const [words, setWords] = useState("");
    const [wanted] = useDebouncedValue(words, WAIT_MS);
    const one = useQuery({
        queryKey: ["printers", value],
        queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: value! } } })),
        enabled: value !== null,
    });
    const chosen = one.data;
    const search = chosen && wanted === called(chosen) ? "" : wanted;
    const found = useQuery({
        queryKey: ["printers", "pick", search, all],
        queryFn: () => done(api.GET("/v1/printers", { params: { query: { limit: SHOWN, search, inspected: !all } } })),
        placeholderData: keepPreviousData,
    });
    const items = found.data?.items ?? [];
    const shown = chosen && !items.some((item) => item.id === chosen.id) ? [chosen, ...items] : items;

    return (
        <Select
            searchable
            clearable={!rest.required}
            data={shown.map((printer) => ({ value: printer.id, label: called(printer) }))}
            value={value}
            onChange={onChange}
            onSearchChange={setWords}
            filter={({ options }) => options}
            nothingFoundMessage={t("pick.none")}
            {...rest}
        />
    );
}
