#include "sandbox/guest.hpp"

#include <fmt/format.h>

#include <array>

namespace bookafy::sandbox {
namespace {

struct NamePart {
  std::string_view written;
  std::string_view latin;  ///< for the mailbox
};

struct Origin {
  std::array<NamePart, 5> given;
  std::array<NamePart, 5> family;
  bool family_first;
  std::string_view separator;
  std::array<std::string_view, 2> timezones;
};

constexpr std::array origins{
    Origin{{{{"Lena", "lena"}, {"Jürgen", "juergen"}, {"Anaïs", "anais"}, {"Søren", "soren"}, {"Łucja", "lucja"}}},
           {{{"Müller", "mueller"}, {"Lefèvre", "lefevre"}, {"Åberg", "aberg"}, {"Żak", "zak"}, {"O'Neil", "oneil"}}},
           false,
           " ",
           {"Europe/Berlin", "Europe/Warsaw"}},
    Origin{
        {{{"Олена", "olena"}, {"Дмитро", "dmytro"}, {"Елена", "elena"}, {"Никола", "nikola"}, {"Ирина", "irina"}}},
        {{{"Коваль", "koval"}, {"Петрова", "petrova"}, {"Гончар", "honchar"}, {"Илиев", "iliev"}, {"Мороз", "moroz"}}},
        false,
        " ",
        {"Europe/Kiev", "Europe/Sofia"}},
    Origin{{{{"ليلى", "layla"}, {"يوسف", "yousef"}, {"مريم", "maryam"}, {"خالد", "khaled"}, {"نور", "nour"}}},
           {{{"منصور", "mansour"},
             {"الحداد", "alhaddad"},
             {"سالم", "salem"},
             {"حمدان", "hamdan"},
             {"الخطيب", "alkhatib"}}},
           false,
           " ",
           {"Africa/Cairo", "Asia/Amman"}},
    Origin{{{{"秀英", "xiuying"}, {"伟", "wei"}, {"美玲", "meiling"}, {"志明", "zhiming"}, {"雅婷", "yating"}}},
           {{{"王", "wang"}, {"李", "li"}, {"林", "lin"}, {"欧阳", "ouyang"}, {"陈", "chen"}}},
           true,
           "",
           {"Asia/Shanghai", "Asia/Taipei"}},
    Origin{{{{"さくら", "sakura"}, {"健太", "kenta"}, {"葵", "aoi"}, {"翔", "sho"}, {"美咲", "misaki"}}},
           {{{"佐藤", "sato"}, {"鈴木", "suzuki"}, {"高橋", "takahashi"}, {"田中", "tanaka"}, {"渡辺", "watanabe"}}},
           true,
           " ",
           {"Asia/Tokyo", "Asia/Tokyo"}},
    Origin{
        {{{"प्रिया", "priya"}, {"अर्जुन", "arjun"}, {"Ananya", "ananya"}, {"Rohan", "rohan"}, {"मीरा", "meera"}}},
        {{{"शर्मा", "sharma"}, {"Iyer", "iyer"}, {"गुप्ता", "gupta"}, {"Raghunathan", "raghunathan"}, {"पटेल", "patel"}}},
        false,
        " ",
        {"Asia/Calcutta", "Asia/Kolkata"}},
    Origin{{{{"Ελένη", "eleni"}, {"Νίκος", "nikos"}, {"Ιωάννα", "ioanna"}, {"Γιώργος", "giorgos"}, {"Άννα", "anna"}}},
           {{{"Παππά", "pappa"},
             {"Νικολάου", "nikolaou"},
             {"Ζήση", "zisi"},
             {"Λάμπρου", "lamprou"},
             {"Βλάχου", "vlachou"}}},
           false,
           " ",
           {"Europe/Athens", "Asia/Nicosia"}},
    Origin{{{{"민준", "minjun"}, {"서연", "seoyeon"}, {"지우", "jiwoo"}, {"도윤", "doyun"}, {"하은", "haeun"}}},
           {{{"김", "kim"}, {"이", "lee"}, {"박", "park"}, {"최", "choi"}, {"정", "jung"}}},
           true,
           "",
           {"Asia/Seoul", "Asia/Seoul"}},
};

constexpr std::array<std::string_view, 5> answers{"First steps", "Prices, and\nwhat comes with them",
                                                  "Umzug von 3 Büros", "契約の更新について",
                                                  "¿Podemos hablar en español? 🙂"};

}  // namespace

std::size_t draw_index(const Surroundings& surroundings, std::size_t count) {
  // The high bits: those of a simple generator are the better ones. The bias of 2^-32 harms nobody.
  return static_cast<std::size_t>(((surroundings.draw() >> 32U) * count) >> 32U);
}

Guest draw_guest(const Surroundings& surroundings) {
  auto one_of = [&](const auto& choices) -> const auto& { return choices[draw_index(surroundings, choices.size())]; };
  const Origin& origin = one_of(origins);
  const NamePart& given = one_of(origin.given);
  const NamePart& family = one_of(origin.family);
  const NamePart& first = origin.family_first ? family : given;
  const NamePart& last = origin.family_first ? given : family;
  return {.name = fmt::format("{}{}{}", first.written, origin.separator, last.written),
          .email = fmt::format("{}.{}{}@example.net", given.latin, family.latin, draw_index(surroundings, 100)),
          .timezone = std::string(one_of(origin.timezones)),
          .answer = std::string(one_of(answers))};
}

}  // namespace bookafy::sandbox
