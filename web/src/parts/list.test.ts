// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { type FetchPage, FIRST, itemsOf, type List, MORE, readAll, readMore } from "./list";
import { changedParts, readPart } from "./listAgain";

interface Item {
    id: string;
}

/* A service with these things, newest first; counts what it is asked. */
class Service {
    asked: string[] = [];
    ids: number[];

    constructor(count: number) {
        this.ids = Array.from({ length: count }, (_, at) => count - at);
    }

    fetch: FetchPage<Item> = async (after, limit) => {
        const found = this.ids.filter((id) => after === undefined || id < Number(after));
        const items = found.slice(0, limit).map((id) => ({ id: String(id) }));

        this.asked.push(`${after ?? ""}+${limit}`);
        return { items, next: found.length > limit ? items.at(-1)!.id : null };
    };

    async shown(parts: number): Promise<List<Item>> {
        let list = await readAll(undefined, this.fetch);

        for (let i = 1; i < parts; i++) list = await readMore(list, this.fetch);
        this.asked = [];
        return list;
    }
}

const numbers = (list: List<Item>) => itemsOf(list).map((item) => Number(item.id));

describe("a list of a thousand", () => {
    it("is there after six questions", async () => {
        const service = new Service(1000);
        const list = await service.shown(6);
        expect(numbers(list)).toEqual(service.ids);
        expect(list.next).toBeUndefined();
        expect(await readMore(list, service.fetch)).toBe(list);
    });
    it("is read anew as far as it was read", async () => {
        const service = new Service(1000);
        const list = await service.shown(3);
        service.ids.unshift(1001);
        expect(numbers(await readAll(list, service.fetch))).toEqual(service.ids.slice(0, FIRST + 2 * MORE));
    });
});

describe("one part read anew", () => {
    it.each([0, 2, 5])("is the same where nothing has changed, with one question: %i", async (at) => {
        const service = new Service(1000);
        const list = await service.shown(6);
        expect(await readPart(list, at, service.fetch)).toEqual(list);
        expect(service.asked).toHaveLength(1);
    });
    it("has what is new at the beginning, and loses nothing after it", async () => {
        const service = new Service(300);
        const list = await service.shown(2);
        service.ids.unshift(...Array.from({ length: 30 }, (_, at) => 330 - at));
        expect(numbers(await readPart(list, 0, service.fetch))).toEqual(service.ids.slice(0, FIRST + MORE + 30));
    });
    it("loses what is gone, the item at its end and the next part's first one too", async () => {
        const service = new Service(300);
        const list = await service.shown(2);
        const gone = [300 - FIRST + 2, 300 - FIRST + 1, 300 - FIRST, 300 - FIRST - 1];
        service.ids = service.ids.filter((id) => !gone.includes(id));
        const after = await readPart(await readPart(list, 0, service.fetch), 1, service.fetch);
        expect(numbers(after)).toEqual(service.ids.slice(0, FIRST - 2 + MORE));
    });
    it("ends the list where nothing comes after it any more", async () => {
        const service = new Service(300);
        const list = await service.shown(3);
        service.ids = service.ids.slice(0, 20);
        expect(numbers(await readPart(list, 0, service.fetch))).toEqual(service.ids);
    });
    it("cuts the list off where very much came in between, and more can be asked for", async () => {
        const service = new Service(300);
        const list = await service.shown(3);
        service.ids.unshift(...Array.from({ length: 5000 }, (_, at) => 5300 - at));
        let now = await readPart(list, 0, service.fetch);
        expect(service.asked.length).toBeLessThan(7);
        while (now.next !== undefined) now = await readMore(now, service.fetch);
        expect(numbers(now)).toEqual(service.ids);
    });
    it("goes on at the end of what is the last one", async () => {
        const service = new Service(100);
        const list = await service.shown(1);
        expect((await readPart(list, 0, service.fetch)).next).toBeDefined();
    });
});

describe("what has changed", () => {
    const list = { parts: [["a", "b"], ["c"], ["d"]].map((ids) => ({ after: undefined, items: ids.map((id) => ({ id })) })), next: undefined };
    it.each([
        [["c"], [1]],
        [["b", "d"], [0, 2]],
        [["new"], [0, 2]],
        [["c", "new"], [0, 1, 2]],
        [[], []],
    ])("%j is in the parts %j", (ids, parts) => expect(changedParts(list, new Set(ids))).toEqual(parts));
    it("is not at an end that is not known", () => expect(changedParts({ ...list, next: "d" }, new Set(["new"]))).toEqual([0]));
});
