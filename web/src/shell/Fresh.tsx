// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { answerAsked, readSession } from "../api/session";
import { useComplaint } from "../parts/complaint";

/* What is dangerous asks for the secret once more (docs/sign-in.md, "Fresh sign-in"). */
export function Fresh() {
    const { t } = useTranslation();
    const complaint = useComplaint();
    const [password, setPassword] = useState("");
    const [error, setError] = useState("");
    const session = useQuery({
        queryKey: ["session", "current"],
        queryFn: () => done(api.GET("/v1/sessions/{session}", { params: { path: { session: "current" } } })),
    });
    const elsewhere = session.data?.fresh_sign_in;

    const send = async (event: FormEvent) => {
        event.preventDefault();
        try {
            await done(api.POST("/v1/sessions/current/fresh", { body: { password } }));
            await readSession();
            answerAsked(true);
        } catch (problem) {
            const { title, detail } = complaint(problem);
            setError(`${title}. ${detail}`);
        }
    };

    if (elsewhere)
        return (
            <Stack>
                <Text>{t("fresh.elsewhere")}</Text>
                <Group justify="flex-end">
                    <Button onClick={() => window.open(elsewhere, "_blank", "popup,width=520,height=760")}>{t("signInAgain.open")}</Button>
                    <Button variant="default" onClick={() => answerAsked(true)}>
                        {t("signInAgain.done")}
                    </Button>
                </Group>
            </Stack>
        );
    return (
        <form onSubmit={(event) => void send(event)}>
            <Stack>
                <Text>{t("fresh.words")}</Text>
                <PasswordInput
                    label={t("fresh.password")}
                    autoComplete="current-password"
                    value={password}
                    onChange={(event) => setPassword(event.currentTarget.value)}
                    error={error}
                    required
                    data-autofocus
                />
                <Group justify="flex-end">
                    <Button variant="default" onClick={() => answerAsked(false)}>
                        {t("cancel")}
                    </Button>
                    <Button type="submit">{t("fresh.go")}</Button>
                </Group>
            </Stack>
        </form>
    );
}
