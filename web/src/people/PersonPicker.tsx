// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";

interface Props {
    label: string;
    value: string | null; // a person's id
    onChange: (person: string | null) => void;
}

/* One of perhaps 100,000 people, found by the service while a part of the name is typed. */
export function PersonPicker({ label, value, onChange }: Props) {
    const { t } = useTranslation("people");
    const [words, setWords] = useState("");
    const [search] = useDebouncedValue(words.slice(0, 200), 250);
    const found = useQuery({
        queryKey: ["people", "picker", search],
        queryFn: () => done(api.GET("/v1/people", { params: { query: { search, limit: 20 } } })),
        placeholderData: keepPreviousData,
    });
    const people = found.data?.items ?? [];

    return (
        <Select
            label={label}
            searchable
            clearable
            clearButtonProps={{ "aria-label": t("pickNobody") }}
            value={value}
            onChange={onChange}
            onSearchChange={setWords}
            filter={({ options }) => options}
            data={people.map((person) => ({ value: person.id, label: (person.name ? `${person.name} (${person.email})` : person.email).slice(0, 120) }))}
            nothingFoundMessage={t("none")}
            style={{ flex: "0 1 22rem" }}
        />
    );
}
