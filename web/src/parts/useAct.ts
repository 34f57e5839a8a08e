// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import { useComplain } from "./complaint";

interface After {
    again?: readonly string[]; // resources that are to be read again ("people")
    said?: string; // told when it is done
}

/*
 * What a button does: one call, or some. Its failure is told at the edge; null then, and everything typed stays. While
 * it is under way isBusy is true.
 */
export function useAct() {
    const client = useQueryClient();
    const complain = useComplain();
    const { t } = useTranslation();
    const [count, setCount] = useState(0);

    const act = useCallback(
        async <T>(deed: () => Promise<T>, { again = [], said }: After = {}): Promise<{ came: T } | null> => {
            setCount((before) => before + 1);
            try {
                const came = await deed();
                await Promise.all(again.map((name) => client.invalidateQueries({ queryKey: [name] })));
                if (said) notifications.show({ message: said, color: "green", closeButtonProps: { "aria-label": t("close") } });
                return { came };
            } catch (error) {
                complain(error);
                return null;
            } finally {
                setCount((before) => before - 1);
            }
        },
        [client, complain, t],
    );

    return { act, isBusy: count > 0 };
}
